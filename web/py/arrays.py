"""Checks of arrays, shared by the kinds."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from card import Card, CardError, Tensor


def only_input(card: Card, kind: str) -> Tensor:
    """Return the model's only input.

    Raises:
        CardError: If the model has several.
    """
    return _only(card.inputs, "input", kind)


def only_output(card: Card, kind: str) -> Tensor:
    """Return the model's only output.

    Raises:
        CardError: If the model has several.
    """
    return _only(card.outputs, "output", kind)


def _only(tensors: tuple[Tensor, ...], part: str, kind: str) -> Tensor:
    if len(tensors) != 1:
        listed = ", ".join(tensor.name for tensor in tensors)
        raise CardError(
            f"{kind}: expected a model with one {part}, got {len(tensors)} ({listed}); "
            f"write an {part} kind of your own"
        )
    return tensors[0]


def finite(outputs: Mapping[str, NDArray[Any]], name: str) -> NDArray[Any]:
    """Return an output after checking that its values are finite.

    Raises:
        ValueError: If it holds NaN or infinity.
    """
    values = outputs[name]
    if not np.isfinite(values).all():
        raise ValueError(f"output {name}: expected finite numbers, got NaN or infinity")
    return values
