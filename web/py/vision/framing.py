"""Whole pictures in a network's input, and what was found there back in the picture.

A picture keeps its proportions: it is made as large as fits, lies in the middle, and the rest is
black. How its pixels become numbers stands in the card's ``preprocessing``:

- ``mean`` and ``std``: what the network takes is ``(pixel - mean) / std``, for pixels of 0..255;
  a number each, or three for red, green and blue. 0 and 255 if they are not given.
- ``channels``: ``rgb`` (if not given) or ``bgr``.
- ``sizes``: heights and widths that the network takes, ``[[416, 416], [256, 416]]``, where it takes
  more than the one of its input. A picture goes into the one with the least black around it.
"""

from dataclasses import dataclass, replace
from math import prod
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from vision import pixels
from vision.card import Card, CardError


@dataclass(frozen=True)
class Frame:
    """Where a picture lies in a network's input.

    Attributes:
        size: Height and width of the picture.
        corner: Row and column of its upper left pixel in the input.
        shape: Height and width that it has there, in whole pixels.
    """

    size: tuple[int, int]
    corner: tuple[int, int]
    shape: tuple[int, int]

    @classmethod
    def fit(cls, size: tuple[int, int], around: tuple[int, int]) -> Self:
        """Return the largest frame for a picture that lies in the middle of an input.

        Args:
            size: Height and width of the picture, each at least 1.
            around: Height and width of the input.

        Raises:
            ValueError: If the picture has no pixel.
        """
        if min(size) < 1:
            raise ValueError(f"size: expected at least 1 by 1 pixels, got {size}")
        scale = min(around[0] / size[0], around[1] / size[1])
        height, width = (max(1, round(side * scale)) for side in size)
        corner = ((around[0] - height) // 2, (around[1] - width) // 2)
        return cls(size, corner, (height, width))

    def to_picture(self, points: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
        """Return where points of the input are in the picture, or beside it.

        Args:
            points: ``(..., 2)``, x and y in pixels of the input.

        Returns:
            ``(..., 2) float32``, x and y in pixels of the picture.
        """
        (top, left), (height, width) = self.corner, self.shape
        scale = (self.size[1] / width, self.size[0] / height)
        moved: NDArray[np.float32] = ((points - (left, top)) * scale).astype(np.float32)
        return moved


def prepare(rgb: NDArray[np.uint8], card: Card) -> NDArray[np.float32] | NDArray[np.int32]:
    """Turn a photograph into the network's input.

    Args:
        rgb: ``(H, W, 3) uint8``, of any size.
        card: Of the network; its input is ``(1, h, w, 3)``.

    Returns:
        ``(1, h, w, 3)``, of `size_for` the photograph; ``float32`` or, if the card says so, whole
        numbers as ``int32``.

    Raises:
        ValueError: If the array has another shape or dtype.
        CardError: If the card's preprocessing is not as the module says.
    """
    input_size(rgb, card)
    around = size_for((rgb.shape[0], rgb.shape[1]), card)
    return normalized(_place(rgb, around), card)


def size_for(size: tuple[int, int], card: Card) -> tuple[int, int]:
    """Return height and width of the network's input for a picture of this size.

    Of all that it takes it is the smallest of those that show the picture as large as can be.

    Raises:
        ValueError: If the picture has no pixel.
        CardError: If the card's preprocessing is not as the module says.
    """
    if min(size) < 1:
        raise ValueError(f"size: expected at least 1 by 1 pixels, got {size}")

    def worth(around: tuple[int, int]) -> tuple[float, int]:
        return min(around[0] / size[0], around[1] / size[1]), -around[0] * around[1]

    return max(_sizes(card), key=worth)


def limited(card: Card, pixels: float) -> Card:
    """Return a network's card with those of its sizes alone that have no more pixels.

    Where all of them have more, the smallest is left.

    Raises:
        CardError: If the card's preprocessing is not as the module says.
    """
    sizes = sorted(_sizes(card), key=prod)
    kept = [size for size in sizes if prod(size) <= pixels] or sizes[:1]
    return replace(card, preprocessing={**card.preprocessing, "sizes": kept})


def _sizes(card: Card) -> list[tuple[int, int]]:
    given = card.preprocessing.get("sizes", [card.inputs[0].shape[1:3]])
    try:
        sizes = [(int(height), int(width)) for height, width in given]
    except (TypeError, ValueError):
        sizes = []
    if not sizes or min(map(min, sizes)) < 1:
        raise CardError(f"preprocessing.sizes: expected heights and widths, got {given!r}")
    return sizes


def input_size(rgb: NDArray[np.uint8], card: Card) -> tuple[int, int]:
    """Return height and width of a network's input, after a look at what is to go in there.

    Raises:
        ValueError: If the array is not ``(H, W, 3) uint8``, or holds nothing.
        CardError: If the network takes no photographs.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or rgb.size == 0:
        raise ValueError(f"rgb: expected (H, W, 3) uint8, got {rgb.shape} {rgb.dtype}")
    shape = card.inputs[0].shape
    if len(shape) != 4 or shape[3] != 3:
        raise CardError(f"inputs[0].shape: expected (1, height, width, 3), got {shape}")
    return shape[1], shape[2]


def normalized(picture: NDArray[np.float32], card: Card) -> NDArray[np.float32] | NDArray[np.int32]:
    """Turn a picture of the right size into the network's input.

    Args:
        picture: ``(h, w, 3) float32`` in 0..255.
        card: Of the network.

    Returns:
        ``(1, h, w, 3)``, ``float32`` or, if the card says so, whole numbers as ``int32``.

    Raises:
        CardError: If the card's preprocessing is not as the module says.
    """
    values = (picture - _colour(card, "mean", 0.0)) / _colour(card, "std", 255.0, above=0)
    values = np.ascontiguousarray(values[None, ..., :: _step(card)])
    return np.rint(values).astype(np.int32) if card.inputs[0].dtype == "int32" else values


def _place(rgb: NDArray[np.uint8], around: tuple[int, int]) -> NDArray[np.float32]:
    height, width = around
    frame = Frame.fit((rgb.shape[0], rgb.shape[1]), (height, width))
    (top, left), (rows, columns) = frame.corner, frame.shape
    placed = np.zeros((height, width, 3), np.float32)
    placed[top : top + rows, left : left + columns] = pixels.resize(rgb, frame.shape)
    return placed


def _step(card: Card) -> int:
    """Return in which direction the network takes the colours: 1 for red first, -1 for blue."""
    order = card.preprocessing.get("channels", "rgb")
    if order not in {"rgb", "bgr"}:
        raise CardError(f"preprocessing.channels: expected rgb or bgr, got {order!r}")
    return 1 if order == "rgb" else -1


def _colour(card: Card, name: str, default: float, above: float = -np.inf) -> NDArray[np.float32]:
    given = card.preprocessing.get(name, default)
    try:
        values = np.asarray(given, np.float32)
    except (TypeError, ValueError):
        values = np.empty(0, np.float32)
    if values.shape not in {(), (3,)} or not np.isfinite(values).all():
        raise CardError(f"preprocessing.{name}: expected a number, or three, got {given!r}")
    if not (values > above).all():
        raise CardError(f"preprocessing.{name}: expected numbers above {above:g}, got {given!r}")
    return values
