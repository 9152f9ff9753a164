"""Scales and shifts of channels, which `fuse` and `absorb` fold into products."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from converter.graph import Array, Node


@dataclass(frozen=True)
class Affine:
    """``scale * x + shift``, each ``(channels,) float64``."""

    scale: NDArray[np.float64]
    shift: NDArray[np.float64]

    @classmethod
    def identity(cls, channels: int) -> Self:
        """Return a scale of 1 and a shift of 0."""
        return cls(np.ones(channels), np.zeros(channels))

    def then(self, node: Node, before: str, weights: Mapping[str, Array], rank: int) -> Self | None:
        """Return this followed by a node; None if the node does not scale or shift channels.

        Args:
            node: A user of this one's result.
            before: Reference to that result.
            weights: The graph's weights.
            rank: Number of axes of the result.
        """
        constants = [weights[each] for each in node.inputs if each in weights]
        if len(node.inputs) != 2 or len(constants) != 1 or before not in node.inputs:
            return None
        value = per_channel(constants[0], len(self.scale), rank)
        step = None if value is None else _step(node.op, value, first=node.inputs[0] == before)
        if step is None:
            return None
        return self.followed(type(self)(*step))

    def followed(self, by: Self) -> Self:
        """Return the composition: this first, then ``by``."""
        return type(self)(self.scale * by.scale, self.shift * by.scale + by.shift)


_Pair = tuple[NDArray[np.float64], NDArray[np.float64]]


def _step(op: str, value: NDArray[np.float64], *, first: bool) -> _Pair | None:
    """Return the scale and shift of a binary operation with a constant.

    Args:
        op: The operation.
        value: The constant, ``(channels,)``.
        first: Whether the other operand is the first.

    Returns:
        None if it is neither a scale nor a shift.
    """
    none, one = np.zeros_like(value), np.ones_like(value)
    steps = {
        "Mul": (value, none),
        "Add": (one, value),
        "AddV2": (one, value),
        "BiasAdd": (one, value),
        "Sub": (one, -value) if first else (-one, value),
    }
    if op == "RealDiv" and first and value.all():
        return 1 / value, none
    return steps.get(op)


def per_channel(array: Array, channels: int, rank: int) -> NDArray[np.float64] | None:
    """Return a constant as ``(channels,) float64``; None if it varies along other axes."""
    if array.ndim > rank or array.size not in {1, channels}:
        return None
    if array.size > 1 and array.shape[-1] != channels:
        return None
    return np.broadcast_to(array.reshape(-1).astype(np.float64), channels)
