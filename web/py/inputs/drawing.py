"""Drawing: strokes on a canvas become a grey image ``(1, h, w, 1)``; ink is 1, paper 0.

A drawing is normalized as MNIST's digits were: "size normalized to fit in a 20x20 pixel box while
preserving their aspect ratio" and "centered in a 28x28 image by computing the center of mass of the
pixels" (Y. LeCun, C. Cortes, C. Burges: The MNIST database of handwritten digits,
http://yann.lecun.com/exdb/mnist/).
"""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

import pixels
from arrays import only_input
from card import Card, CardError
from inputs.picture import image, type_name
from kinds import Body, Context, GivenError, Option, PictureFile

BOX = 20 / 28
"""Side of MNIST's box as a share of the image's side."""

OPTIONS: tuple[Option, ...] = (
    Option("box", "number", BOX, "longer side of the ink as a share of the image's side"),
)

_OVERSAMPLING = 4
"""Blocks per pixel of the box after the block-wise maximum; the rest is averaged."""


def check(card: Card) -> None:
    """Check that the model takes one square grey image; see `kinds.InputKind`."""
    side(card)
    _share(card)


def side(card: Card) -> int:
    """Return the side of the model's input in pixels.

    Raises:
        CardError: If the input is not ``(1, side, side, 1) float32``.
    """
    tensor = only_input(card, "drawing")
    shape = tensor.shape
    if len(shape) != 4 or shape[1] != shape[2] or shape[3] != 1 or tensor.dtype != "float32":
        raise CardError(
            f"input {tensor.name}: expected (1, side, side, 1) float32, got {shape} {tensor.dtype}"
        )
    return shape[1]


def prepare(given: NDArray[Any], card: Card) -> dict[str, NDArray[Any]]:
    """Return the model's input.

    Args:
        given: A canvas with ink in its alpha channel, ``(H, W, 4) uint8 RGBA``; a picture of a
            drawing on even paper, dark on light or reverse, ``(H, W, 3) uint8 RGB``; or the input
            itself, row by row, ``(side * side,) float32`` in 0..1.
        card: Card whose input is ``(1, side, side, 1)``.

    Returns:
        Input by name, ``(1, side, side, 1) float32`` in 0..1, ink is 1; all zeros if nothing is
        drawn.

    Raises:
        GivenError: If a picture shows no drawing.
        ValueError: If the array has another shape or dtype.
    """
    length = side(card)
    if given.shape == (length * length,):
        values = given.astype(np.float32).reshape(1, length, length, 1)
    elif given.ndim == 3 and given.shape[2] == 3:
        values = _from_picture(given, card)
    else:
        values = _as_input(pixels.ink(given), card)
    return {card.inputs[0].name: values}


def context(given: NDArray[Any]) -> Context:
    """Return the size of the canvas or picture; none for an array of numbers."""
    return Context((given.shape[0], given.shape[1]) if given.ndim == 3 else None)


def parse(body: Body, card: Card) -> PictureFile | NDArray[np.float32]:
    """Return a picture file, or the numbers of ``{"data": [numbers]}``."""
    if body.fields is None:
        return PictureFile(body.content)
    count = side(card) ** 2
    forms = f'JSON must be {{"image": BASE64}}, or {{"data": [{count} numbers from 0 to 1]}}.'
    if set(body.fields) == {"data"}:
        return numbers(body.fields["data"], count, (0, 1))
    return PictureFile(image(body.fields, forms))


def numbers(
    values: object, count: int, limits: tuple[float, float] | None = None
) -> NDArray[np.float32]:
    """Return the numbers of a JSON list as float32.

    Raises:
        GivenError: If it is not a list of that length, or a number is out of range.
    """
    if not isinstance(values, list):
        raise GivenError(f"data: expected a list of {count} numbers, got {type_name(values)}.")
    if len(values) != count:
        raise GivenError(f"data: expected {count} numbers, got {len(values)}.")
    largest = float(np.finfo(np.float32).max)
    low, high = limits or (-largest, largest)
    expected = f"a number from {low} to {high}" if limits else "a finite number"
    for index, value in enumerate(values):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not low <= value <= high:  # also rejects NaN
            shown = json.dumps(value)[:40]
            raise GivenError(f"data[{index}]: expected {expected}, got {shown}.")
    return np.asarray(values, np.float32)


def _from_picture(rgb: NDArray[np.uint8], card: Card) -> NDArray[np.float32]:
    drawing = _as_input(pixels.ink_on_paper(rgb), card)
    if not drawing.any():
        raise GivenError("The picture is empty: nothing in it stands out from its edges.")
    return drawing


def _as_input(ink: pixels.Image, card: Card) -> NDArray[np.float32]:
    return normalized(ink, side(card), _share(card))[np.newaxis, ..., np.newaxis]


def normalized(ink: pixels.Image, side: int, share: float = BOX) -> pixels.Image:
    """Size and centre a drawing like MNIST's digits, and scale its strongest ink to 1.

    Args:
        ink: ``(H, W) float32``.
        side: Height and width of the result.
        share: Longer side of the ink as a share of ``side``.

    Returns:
        ``(side, side) float32`` in 0..1; all zeros if there is no ink.
    """
    drawing = pixels.crop(ink)
    if drawing.size == 0:
        return np.zeros((side, side), np.float32)
    figure = _fit(drawing, max(1, round(side * share)))
    # Compensates for thin or translucent pens.
    return pixels.centre_by_mass(figure / figure.max(), (side, side))


def _share(card: Card) -> float:
    share: float = OPTIONS[0].value(card.input_options)
    if not 0 < share <= 1:
        raise CardError(f"option box: expected a share in 0..1, got {share!r}")
    return share


def _fit(drawing: pixels.Image, box: int) -> pixels.Image:
    """Scale a cropped drawing so that its longer side is ``box``; its shorter is at least 1."""
    longer = max(drawing.shape)
    reduced = pixels.block_max(drawing, max(1, longer // (box * _OVERSAMPLING)))
    height, width = (max(1, round(length * box / longer)) for length in drawing.shape)
    return pixels.resize_area(reduced, (height, width))
