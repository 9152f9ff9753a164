"""Reads and copies an exhibit's samples: a folder of files listed in ``samples.json``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from glassbooth.errors import BuildError

LIST = "samples.json"
KEYS = ("file", "title", "credit", "licence")
"""Keys of each sample; all are strings."""


def read_samples(folder: Path) -> list[Path]:
    """Return the files listed in a folder's ``samples.json``.

    Raises:
        BuildError: The list or one of the files is missing, or the list is invalid.
    """
    path = folder / LIST
    if not path.is_file():
        raise BuildError(f"{path} is missing; it lists samples.")
    try:
        samples = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BuildError(f"{path}: is not JSON that can be read: {error}.") from None
    if not isinstance(samples, list):
        raise BuildError(f"{path}: expected a list of objects with {', '.join(KEYS)}.")
    return [_file(sample, number, path) for number, sample in enumerate(samples, 1)]


def _file(sample: object, number: int, path: Path) -> Path:
    known = sample if isinstance(sample, dict) else {}
    for key in KEYS:
        if not isinstance(known.get(key), str):
            raise BuildError(f"{path}: sample {number}: {key} is missing, or is no text.")
    file = path.parent / str(known["file"])
    if file.parent != path.parent or not file.is_file():
        raise BuildError(f"{path} lists {known['file']}, which is not beside it.")
    return file


def write_samples(source: Path, folder: Path) -> None:
    """Copy ``samples.json`` and the files that it lists."""
    for path in (source / LIST, *read_samples(source)):
        shutil.copyfile(path, folder / path.name)
