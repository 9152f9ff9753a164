"""Converts between arrays by name, as kinds use them, and in card order, as the converter does."""

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from card import Card

Array = NDArray[Any]


def case(inputs: Mapping[str, Array], card: Card) -> tuple[Array, ...]:
    """Return the inputs of a model in the order of its card."""
    return tuple(inputs[tensor.name] for tensor in card.inputs)


def named(outputs: Sequence[Array], card: Card) -> dict[str, Array]:
    """Return the outputs of a model by name.

    Args:
        outputs: In the order of the card.
        card: Card of the model.
    """
    return {tensor.name: each for tensor, each in zip(card.outputs, outputs, strict=True)}
