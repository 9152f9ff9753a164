"""Fit pictures to a network's input, and map points of the input back to the picture.

The option ``fit`` is ``crop`` (the centre of the picture), ``stretch`` (all of it, ignoring the
aspect ratio) or ``letterbox`` (all of it, padded with black).
"""

from dataclasses import dataclass
from math import prod
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

import pixels
from card import Card, CardError
from kinds import Option

FIT = Option("fit", "text", "crop", "part of the picture", ("crop", "stretch", "letterbox"))
CROP = Option("crop", "number", 1.0, "share of the middle's sides that fit=crop takes, 0..1")
MEAN = Option(
    "mean", "numbers", 0.0, "the network takes (pixel - mean) / std, for pixels of 0..255"
)
STD = Option("std", "numbers", 255.0, "see mean; a number, or three for red, green and blue")
CHANNELS = Option("channels", "text", "rgb", "order of the colours", ("rgb", "bgr"))
SIZES = Option("sizes", "sizes", None, "heights and widths that the network takes: 416x416,256x416")
"""A picture gets the size with the least padding; the default is only the network's input size."""

OPTIONS = (FIT, CROP, MEAN, STD, CHANNELS, SIZES)


@dataclass(frozen=True)
class Frame:
    """Placement of a picture in a network's input.

    Attributes:
        size: Height and width of the picture.
        corner: Row and column of its top left corner in the input; negative if it is cropped.
        shape: Height and width of the picture in the input.
    """

    size: tuple[int, int]
    corner: tuple[float, float]
    shape: tuple[float, float]

    @classmethod
    def fit(cls, size: tuple[int, int], around: tuple[int, int]) -> Self:
        """Return the largest centred frame for a picture in an input.

        Args:
            size: Height and width of the picture, each at least 1.
            around: Height and width of the input.

        Raises:
            ValueError: If the picture is empty.
        """
        if min(size) < 1:
            raise ValueError(f"size: expected at least 1 by 1 pixels, got {size}")
        height, width = _scaled(size, around)
        corner = ((around[0] - height) // 2, (around[1] - width) // 2)
        return cls(size, corner, (height, width))

    def to_picture(self, points: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
        """Map points of the input to the picture; they may lie outside it.

        Args:
            points: ``(..., 2)``, x and y in pixels of the input.

        Returns:
            ``(..., 2) float32``, x and y in pixels of the picture.
        """
        (top, left), (height, width) = self.corner, self.shape
        scale = (self.size[1] / width, self.size[0] / height)
        moved: NDArray[np.float32] = ((points - (left, top)) * scale).astype(np.float32)
        return moved


def size_for(size: tuple[int, int], card: Card) -> tuple[int, int]:
    """Return height and width of the network's input for a picture of this size.

    It is the smallest of the sizes that show the picture at the largest scale.

    Raises:
        ValueError: If the picture has no pixel.
        CardError: If an option is wrong.
    """
    if min(size) < 1:
        raise ValueError(f"size: expected at least 1 by 1 pixels, got {size}")

    def rank(around: tuple[int, int]) -> tuple[float, int]:
        return min(around[0] / size[0], around[1] / size[1]), -around[0] * around[1]

    return max(sizes(card), key=rank)


def limited(card: Card, most_pixels: float) -> Card:
    """Return the card with only its sizes of at most so many pixels, or the smallest if none is.

    Raises:
        CardError: If an option is wrong.
    """
    known = sorted(sizes(card), key=prod)
    kept = [size for size in known if prod(size) <= most_pixels] or known[:1]
    return card.with_input_options(sizes=kept)


def check(card: Card) -> None:
    """Check the model's input and all options.

    Raises:
        CardError: If the input is not ``(1, h, w, 3)``, or an option is wrong.
    """
    input_size(card)
    sizes(card)
    _share(card)
    _colour(card, MEAN)
    _colour(card, STD, above=0)


def sizes(card: Card) -> list[tuple[int, int]]:
    """Return the heights and widths that a network takes.

    Raises:
        CardError: If an option is wrong.
    """
    given = SIZES.value(card.input_options)
    if given is None:
        return [input_size(card)]
    found = [(height, width) for height, width in given]
    if not found or min(map(min, found)) < 1:
        raise CardError(f"option sizes: expected heights and widths, got {given!r}")
    return found


def input_size(card: Card) -> tuple[int, int]:
    """Return height and width of a network's input.

    Raises:
        CardError: If it is not ``(1, h, w, 3)``.
    """
    tensor = card.inputs[0]
    if len(tensor.shape) != 4 or tensor.shape[3] != 3:
        raise CardError(
            f"input {tensor.name}: expected (1, height, width, 3), got {tensor.shape}; a picture "
            "needs a network that takes one"
        )
    return tensor.shape[1], tensor.shape[2]


def check_picture(rgb: NDArray[np.uint8]) -> None:
    """Check the shape and dtype of a picture.

    Raises:
        ValueError: If it is not ``(H, W, 3) uint8``, or empty.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or rgb.size == 0:
        raise ValueError(f"rgb: expected (H, W, 3) uint8, got {rgb.shape} {rgb.dtype}")


def fitted(rgb: NDArray[np.uint8], card: Card) -> NDArray[np.float32]:
    """Return a picture cropped, stretched or letterboxed to the network's input.

    Args:
        rgb: ``(H, W, 3) uint8 RGB``.
        card: Of the network.

    Returns:
        ``(h, w, 3) float32`` in 0..255, of `size_for` the picture.
    """
    size = (rgb.shape[0], rgb.shape[1])
    around = size_for(size, card)
    if FIT.value(card.input_options) == "letterbox":
        return _letterboxed(rgb, around)
    top, left, rows, columns = _part(size, around, card)
    return pixels.resize(rgb[top : top + rows, left : left + columns], around)


def frame_for(size: tuple[int, int], card: Card) -> Frame:
    """Return the placement of a picture of this size in the network's input.

    Raises:
        ValueError: If the picture has no pixel.
        CardError: If an option is wrong.
    """
    around = size_for(size, card)
    if FIT.value(card.input_options) == "letterbox":
        return Frame.fit(size, around)
    top, left, rows, columns = _part(size, around, card)
    down, across = around[0] / rows, around[1] / columns
    return Frame(size, (-top * down, -left * across), (size[0] * down, size[1] * across))


def _letterboxed(rgb: NDArray[np.uint8], around: tuple[int, int]) -> NDArray[np.float32]:
    height, width = _scaled((rgb.shape[0], rgb.shape[1]), around)
    top, left = (around[0] - height) // 2, (around[1] - width) // 2
    placed = np.zeros((*around, 3), np.float32)
    placed[top : top + height, left : left + width] = pixels.resize(rgb, (height, width))
    return placed


def _scaled(size: tuple[int, int], around: tuple[int, int]) -> tuple[int, int]:
    """Return the largest height and width of a picture that fit, in whole pixels."""
    scale = min(around[0] / size[0], around[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _part(size: tuple[int, int], around: tuple[int, int], card: Card) -> tuple[int, int, int, int]:
    """Return the crop of a picture for the network: top, left, rows, columns.

    Sides are whole pixels, so the aspect ratio differs slightly from the input's.
    """
    if FIT.value(card.input_options) == "stretch":
        return 0, 0, *size
    aspect = around[0] / around[1]
    height = min(size[0], size[1] * aspect) * _share(card)
    rows, columns = (max(1, round(side)) for side in (height, height / aspect))
    return (size[0] - rows) // 2, (size[1] - columns) // 2, rows, columns


def _share(card: Card) -> float:
    share: float = CROP.value(card.input_options)
    if not 0 < share <= 1:
        raise CardError(f"option crop: expected a share in 0..1, got {share!r}")
    return share


def normalized(picture: NDArray[np.float32], card: Card) -> NDArray[np.float32] | NDArray[np.int32]:
    """Normalize a picture of the right size to the network's input.

    Args:
        picture: ``(h, w, 3) float32`` in 0..255.
        card: Of the network.

    Returns:
        ``(1, h, w, 3)``, ``float32``, or rounded ``int32`` if the card's input has that dtype.

    Raises:
        CardError: If an option is wrong.
    """
    values = (picture - _colour(card, MEAN)) / _colour(card, STD, above=0)
    values = np.ascontiguousarray(values[None, ..., :: _step(card)])
    return np.rint(values).astype(np.int32) if card.inputs[0].dtype == "int32" else values


def _step(card: Card) -> int:
    """Return the stride of the channel axis: 1 for RGB, -1 for BGR."""
    return 1 if CHANNELS.value(card.input_options) == "rgb" else -1


def _colour(card: Card, option: Option, above: float = -np.inf) -> NDArray[np.float32]:
    given = option.value(card.input_options)
    values = np.asarray(given, np.float32)
    if values.shape not in {(), (3,)}:
        raise CardError(f"option {option.name}: expected a number, or three, got {given!r}")
    if not (values > above).all():
        raise CardError(f"option {option.name}: expected numbers above {above:g}, got {given!r}")
    return values
