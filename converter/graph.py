"""The converter's representation of a network: TF.js operations and their weights.

Operations and attributes are TensorFlow's, as TF.js has them; images are NHWC. A `Graph` is
immutable and valid: its constructor refuses references to missing or later nodes.

A *reference* is the name of a node, input or weight, or ``name:index`` for the second and later
outputs of a node.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from card import Tensor
from converter.errors import GraphError

TO_NHWC, TO_NCHW = (0, 2, 3, 1), (0, 3, 1, 2)
"""Orders of axes for transposing images from the other layout."""

Array: TypeAlias = NDArray[np.float32] | NDArray[np.int32] | NDArray[np.bool_]
"""A weight, in one of the three dtypes that TF.js computes with."""


@dataclass(frozen=True)
class DType:
    """An attribute that is a dtype, such as ``DT_FLOAT``."""

    name: str


@dataclass(frozen=True)
class Shape:
    """An attribute that is a shape; -1 is an open dimension."""

    sides: tuple[int, ...]


Attribute: TypeAlias = (
    bool | int | float | str | DType | Shape | tuple[int, ...] | tuple[float, ...] | tuple[str, ...]
)


@dataclass(frozen=True)
class Node:
    """One operation."""

    name: str
    op: str
    inputs: tuple[str, ...]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)

    def rewired(self, names: Mapping[str, str]) -> Self:
        """Return the node with references replaced, where ``names`` has them."""
        return replace(self, inputs=tuple(renamed(each, names) for each in self.inputs))


@dataclass(frozen=True)
class Output:
    """An output of the network: its tensor, and the reference that computes it."""

    tensor: Tensor
    source: str

    def rewired(self, names: Mapping[str, str]) -> Self:
        """Return the output with its reference replaced, if ``names`` has it."""
        return replace(self, source=renamed(self.source, names))


@dataclass(frozen=True)
class Graph:
    """A network.

    Attributes:
        inputs: Its inputs; nodes refer to their names.
        outputs: Its outputs.
        nodes: Its operations, each after those that it refers to.
        weights: Its constants, by name.
        open_axes: Axes of its inputs whose size may differ from that of the input's shape.

    Raises:
        GraphError: If a name is used twice, or a reference is missing.
    """

    inputs: tuple[Tensor, ...]
    outputs: tuple[Output, ...]
    nodes: tuple[Node, ...]
    weights: Mapping[str, Array]
    open_axes: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        known = set(self.weights)
        inputs, nodes = (each.name for each in self.inputs), (each.name for each in self.nodes)
        for name in (*inputs, *nodes):
            if name in known:
                raise GraphError(f"{name}: two inputs, weights or nodes have this name")
            known.add(name)
        self._check_references()

    def _check_references(self) -> None:
        known = {*self.weights, *(each.name for each in self.inputs)}
        for node in self.nodes:
            for reference in node.inputs:
                if producer(reference) not in known:
                    raise GraphError(
                        f"{node.op} {node.name}: takes {reference}, which is not made before it"
                    )
            known.add(node.name)
        for output in self.outputs:
            if producer(output.source) not in known:
                raise GraphError(f"output {output.tensor.name}: {output.source} does not exist")

    def users(self) -> dict[str, list[Node]]:
        """Return for each name the nodes that refer to it, in order."""
        users: dict[str, list[Node]] = {}
        for node in self.nodes:
            for name in dict.fromkeys(map(producer, node.inputs)):
                users.setdefault(name, []).append(node)
        return users

    def results(self) -> frozenset[str]:
        """Return the names that outputs refer to."""
        return frozenset(producer(output.source) for output in self.outputs)


def producer(reference: str) -> str:
    """Return the name in a reference, without the index of the output."""
    return reference.partition(":")[0]


def renamed(reference: str, names: Mapping[str, str]) -> str:
    """Return a reference with its name replaced, if ``names`` has it, and its index kept."""
    name, colon, index = reference.partition(":")
    return names.get(name, name) + colon + index


def in_order(nodes: Iterable[Node], given: Iterable[str]) -> tuple[Node, ...]:
    """Return nodes in topological order; nodes that are in order already do not move.

    Args:
        nodes: The nodes in any order.
        given: Names of inputs and weights.

    Raises:
        GraphError: If nodes form a cycle, or a reference is missing.
    """
    waiting, done, ordered = list(nodes), set(given), list[Node]()
    while waiting:
        left = []
        for node in waiting:
            if done.issuperset(map(producer, node.inputs)):
                ordered.append(node)
                done.add(node.name)
            else:
                left.append(node)
        if len(left) == len(waiting):
            names = ", ".join(node.name for node in left)
            raise GraphError(f"nodes wait for each other, or for nothing: {names}")
        waiting = left
    return tuple(ordered)
