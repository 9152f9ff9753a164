"""Helpers that build graphs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from card import Tensor
from converter.graph import Attribute, Graph, Node, Output
from converter.readers import Source


def f32(values: object) -> NDArray[np.float32]:
    return np.array(values, np.float32)


def i32(values: object) -> NDArray[np.int32]:
    return np.array(values, np.int32)


def node(name: str, op: str, *inputs: str, **attributes: Attribute) -> Node:
    return Node(name, op, inputs, attributes)


def graph(
    *nodes: Node,
    outputs: Sequence[str],
    weights: Mapping[str, NDArray[Any]] | None = None,
    inputs: Mapping[str, tuple[int, ...]] | None = None,
) -> Graph:
    """Return a graph; by default its input is ``x``, ``(1, 2)``. Outputs are named after nodes."""
    shapes = {"x": (1, 2)} if inputs is None else inputs
    return Graph(
        tuple(Tensor(name, shape, "float32") for name, shape in shapes.items()),
        tuple(Output(Tensor(source, (1, 2), "float32"), source) for source in outputs),
        nodes,
        weights or {},
    )


MATRIX = f32([[1, 2], [3, 4]])


def source() -> Source:
    """Return a source that is a matrix product, computed by numpy."""

    def run(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [arrays[0] @ MATRIX]

    product = node("y", "MatMul", "x", "w", transpose_a=False, transpose_b=False)
    return Source(graph(product, outputs=["y"], weights={"w": MATRIX}), "numpy", run)
