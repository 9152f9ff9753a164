"""Handwritten digits: from a drawing to the network's input, and from its output to an answer.

The network is trained on MNIST, so a drawing is treated as MNIST's digits were: "size normalized
to fit in a 20x20 pixel box while preserving their aspect ratio" and "centered in a 28x28 image by
computing the center of mass of the pixels" (Y. LeCun, C. Cortes, C. Burges: The MNIST database of
handwritten digits, http://yann.lecun.com/exdb/mnist/).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision import pixels

SIDE = 28
"""Side of the network's input in pixels, as in MNIST."""

BOX = 20
"""Longer side of the digit itself in pixels, as in MNIST."""

_OVERSAMPLING = 4
"""Blocks per pixel of `BOX` that survive the block-wise maximum; the rest is area-averaged."""


@dataclass(frozen=True)
class Answer:
    """What the network says.

    Attributes:
        digit: The most probable digit, 0 to 9.
        confidence: Its probability, 0..1.
        probabilities: All ten of them, 0..1, in order of the digits.
    """

    digit: int
    confidence: float
    probabilities: tuple[float, ...]


def prepare(rgba: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn a drawing into the network's input.

    Args:
        rgba: ``(H, W, 4) uint8``: a canvas of any size, with the drawing in its alpha channel.

    Returns:
        ``(1, 28, 28, 1) float32`` in 0..1, 1 being ink; all zeros if nothing is drawn.

    Raises:
        ValueError: If the array has another shape or dtype.
    """
    return _normalise(pixels.ink(rgba))


def prepare_picture(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Turn a picture of a drawing, on even paper, into the network's input.

    Args:
        rgb: ``(H, W, 3) uint8``: dark on light, or light on dark as MNIST has it.

    Returns:
        ``(1, 28, 28, 1) float32`` in 0..1, 1 being ink; all zeros if nothing is drawn.

    Raises:
        ValueError: If the array has another shape or dtype.
    """
    return _normalise(pixels.ink_on_paper(rgb))


def _normalise(ink: pixels.Image) -> NDArray[np.float32]:
    """Place a drawing as MNIST places its digits, and make its strongest ink black."""
    drawing = pixels.crop(ink)
    if drawing.size == 0:
        return np.zeros((1, SIDE, SIDE, 1), np.float32)
    digit = _fit(drawing)
    # The strongest ink is black, however thin or translucent the pen was.
    return pixels.centre_by_mass(digit / digit.max(), (SIDE, SIDE)).reshape(1, SIDE, SIDE, 1)


def _fit(drawing: pixels.Image) -> pixels.Image:
    """Scale a cropped drawing so that its longer side is `BOX`; its shorter is at least 1."""
    longer = max(drawing.shape)
    reduced = pixels.block_max(drawing, max(1, longer // (BOX * _OVERSAMPLING)))
    height, width = (max(1, round(side * BOX / longer)) for side in drawing.shape)
    return pixels.resize_area(reduced, (height, width))


def read(probabilities: NDArray[np.float32]) -> Answer:
    """Turn the network's output into an answer.

    Args:
        probabilities: ``(1, 10) float32`` in 0..1.

    Raises:
        ValueError: If the array has another shape, or holds NaN or infinity.
    """
    if probabilities.shape != (1, 10):
        raise ValueError(f"probabilities: expected shape (1, 10), got {probabilities.shape}")
    if not np.isfinite(probabilities).all():
        raise ValueError(f"probabilities: expected finite numbers, got {probabilities.tolist()}")
    values = tuple(float(value) for value in probabilities[0])
    digit = int(probabilities[0].argmax())
    return Answer(digit, values[digit], values)
