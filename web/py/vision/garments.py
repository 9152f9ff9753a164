"""Garments: from a code to the generator's input, and from its output to a drawing.

The generator is trained on Fashion-MNIST (Xiao, Rasul, Vollgraf: Fashion-MNIST: a Novel Image
Dataset for Benchmarking Machine Learning Algorithms, 2017, https://arxiv.org/abs/1708.07747).
Its input is one row: numbers of shape, numbers of detail, and how much of each kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.card import Card

SIDE = 28
"""Side of a drawing in pixels, as in Fashion-MNIST."""

SHAPE, DETAIL, KINDS = 32, 32, 10
"""How many numbers of each a code has."""

Numbers = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Code:
    """What one garment is drawn from.

    Attributes:
        shape: ``(32,) float32``, normally distributed: its cut.
        detail: ``(32,) float32``, normally distributed: what is on it.
        kinds: ``(10,) float32``, not negative, with sum 1: how much of each of the card's labels.
    """

    shape: Numbers
    detail: Numbers
    kinds: Numbers

    def __post_init__(self) -> None:
        _require("shape", self.shape, SHAPE)
        _require("detail", self.detail, DETAIL)
        _require("kinds", self.kinds, KINDS)
        total = float(self.kinds.sum())
        if self.kinds.min() < 0 or abs(total - 1) > 1e-3:
            raise ValueError(f"kinds: expected weights with sum 1, got {self.kinds.tolist()}")


def _require(name: str, numbers: Numbers, count: int) -> None:
    if numbers.shape != (count,):
        raise ValueError(f"{name}: expected shape ({count},), got {numbers.shape}")
    if not np.isfinite(numbers).all():
        raise ValueError(f"{name}: expected finite numbers, got NaN or infinity")


def prepare(code: Code, card: Card) -> Numbers:
    """Turn a code into the generator's input.

    Args:
        code: Of the garment.
        card: Of the generator; its ``preprocessing`` says how many numbers of each it takes.

    Returns:
        ``(1, 74) float32``: shape, detail, kinds.

    Raises:
        ValueError: If the generator takes other codes.
    """
    wanted = (card.preprocessing.get("shape"), card.preprocessing.get("detail"), len(card.labels))
    if wanted != (SHAPE, DETAIL, KINDS):
        raise ValueError(
            f"card {card.name}: expected a generator of {SHAPE} numbers of shape, {DETAIL} of "
            f"detail and {KINDS} kinds, got {wanted}"
        )
    return np.concatenate([code.shape, code.detail, code.kinds]).astype(np.float32)[np.newaxis]


def read(outputs: Sequence[NDArray[Any]], card: Card) -> Numbers:
    """Turn the generator's output into a drawing.

    Args:
        outputs: Of the generator; the first is ``(1, 28, 28, 1) float32``.
        card: Of the generator.

    Returns:
        ``(28, 28) float32`` in 0..1: 1 is garment, 0 is background.

    Raises:
        ValueError: If the output has another shape, or holds NaN or infinity.
    """
    expected = (1, SIDE, SIDE, 1)
    if outputs[0].shape != expected:
        raise ValueError(f"{card.name}: expected shape {expected}, got {outputs[0].shape}")
    if not np.isfinite(outputs[0]).all():
        raise ValueError(f"{card.name}: expected finite numbers, got NaN or infinity")
    drawing: Numbers = np.clip(outputs[0][0, :, :, 0], 0, 1).astype(np.float32)
    return drawing
