"""Encode codes as the generator's input, and decode its output to drawings.

The generator is trained on Fashion-MNIST (Xiao, Rasul, Vollgraf: Fashion-MNIST: a Novel Image
Dataset for Benchmarking Machine Learning Algorithms, 2017, https://arxiv.org/abs/1708.07747).
Its input is one row: numbers of shape, numbers of detail, and weights of the kinds.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from card import Card
from inputs import latent
from kinds import Arrays, Context
from outputs import picture

SIDE = 28
"""Side of a drawing in pixels, as in Fashion-MNIST."""

SHAPE, DETAIL, KINDS = 32, 32, 10
"""Length of each part of a code."""

Numbers = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Code:
    """Code of a garment.

    Attributes:
        shape: ``(32,) float32``, normally distributed: its cut.
        detail: ``(32,) float32``, normally distributed: its details.
        kinds: ``(10,) float32``, not negative, with sum 1: weights of the card's labels.
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


def prepare(code: Code, card: Card) -> dict[str, NDArray[Any]]:
    """Return the generator's input.

    Args:
        code: Code of the garment.
        card: Card of the generator; its option ``parts`` gives the length of each part.

    Returns:
        Input by name, ``(1, 74) float32``: shape, detail, kinds.

    Raises:
        ValueError: If the generator's parts differ.
    """
    parts = dict(latent.parts(card))
    if parts != {"shape": SHAPE, "detail": DETAIL, "kinds": KINDS}:
        raise ValueError(
            f"card {card.name}: expected a generator of {SHAPE} numbers of shape, {DETAIL} of "
            f"detail and {KINDS} kinds, got {parts}"
        )
    return latent.prepare(vars(code), card)


def read(outputs: Arrays, card: Card) -> Numbers:
    """Return the generator's drawing.

    Args:
        outputs: The generator's only output, ``(1, 28, 28, 1) float32``, by name.
        card: Card of the generator.

    Returns:
        ``(28, 28) float32`` in 0..1: 1 is garment, 0 is background.

    Raises:
        ValueError: If the output has another shape, or holds NaN or infinity.
    """
    values = picture.read(outputs, card, Context()).values
    if values.shape != (SIDE, SIDE, 1):
        raise ValueError(f"card {card.name}: expected shape {(SIDE, SIDE, 1)}, got {values.shape}")
    return values[:, :, 0]
