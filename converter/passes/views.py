"""Tensors as they lie, and as a network means them: what `layout` keeps instead of transposing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from converter.graph import Array, Graph, Node, producer
from converter.passes import shapes


@dataclass(frozen=True)
class View:
    """A tensor, and how to see the one that it stands for.

    Attributes:
        reference: What is there.
        order: Axis ``i`` of what is meant is axis ``order[i]`` of what is there; None for none.
        shape: Sides of what is meant; None if they are not known.
    """

    reference: str
    order: tuple[int, ...] | None
    shape: tuple[int, ...] | None

    @property
    def moved(self) -> bool:
        """Whether the order differs."""
        return self.order is not None and self.order != tuple(range(len(self.order)))


def straight(reference: str, shape: tuple[int, ...] | None) -> View:
    """Return the view of a tensor that lies as it is meant."""
    return View(reference, None if shape is None else tuple(range(len(shape))), shape)


class Rewrite:
    """A graph that is being written anew, node by node, from an old one.

    Attributes:
        weights: The weights so far, the old ones among them.
        nodes: The nodes so far.
        views: What stands for each reference of the old graph.
    """

    def __init__(self, graph: Graph) -> None:
        self.weights: dict[str, Array] = dict(graph.weights)
        self.nodes: list[Node] = []
        self.views: dict[str, View] = {
            **{tensor.name: straight(tensor.name, tensor.shape) for tensor in graph.inputs},
            **{name: straight(name, array.shape) for name, array in graph.weights.items()},
        }
        self._made: dict[tuple[str, tuple[int, ...]], str] = {}
        self._numbers = 0

    def view(self, reference: str) -> View:
        """Return the view that stands for a reference."""
        name = producer(reference)
        if reference != name:
            return self.views.get(reference, View(reference, None, None))
        return self.views[name]

    def keep(self, node: Node) -> View:
        """Emit a node as it is, with the axes of what it takes as they were."""
        inputs = tuple(self.plain(each) for each in node.inputs)
        given = [self.view(each).shape for each in node.inputs]
        self.nodes.append(replace(node, inputs=inputs))
        return straight(node.name, shapes.infer(node, given, self.weights))

    def plain(self, reference: str) -> str:
        """Return a reference to what a view stands for."""
        view = self.view(reference)
        order = view.order
        return self.ordered(view, tuple(range(len(order)))) if order is not None else view.reference

    def ordered(self, view: View, order: tuple[int, ...]) -> str:
        """Return a reference to what a view stands for, seen in another order."""
        if view.order == order or view.order is None:
            return view.reference
        # There: axis order[i] is axis i of what is meant, which lies in axis view.order[i] here.
        turn = tuple(view.order[i] for i in np.argsort(order))
        key = (view.reference, turn)
        if key not in self._made:
            self._made[key] = self._turned(view.reference, turn)
        return self._made[key]

    def _turned(self, reference: str, turn: tuple[int, ...]) -> str:
        name = self._fresh(reference, "transposed")
        if reference in self.weights:
            turned: Any = np.ascontiguousarray(self.weights[reference].transpose(turn))
            self.weights[name] = turned
            return name
        order = self.constant(np.asarray(turn, np.int32), name)
        self.nodes.append(Node(name, "Transpose", (reference, order)))
        return name

    def _fresh(self, reference: str, purpose: str) -> str:
        """Return a name that nothing has."""
        self._numbers += 1
        return f"{reference.replace(':', '_')}/{purpose}_{self._numbers}"

    def constant(self, array: Any, near: str) -> str:  # noqa: ANN401 - whatever numpy takes
        """Return the name of a new weight."""
        name = self._fresh(near, "layout")
        weight: Array = np.asarray(array)
        self.weights[name] = weight
        self.views[name] = straight(name, weight.shape)
        return name

    def integers(self, reference: str) -> list[int] | None:
        """Return the content of a weight; None if it is computed."""
        array = self.weights.get(self.view(reference).reference)
        return None if array is None else [int(each) for each in array.reshape(-1)]

    def emit(self, node: Node, order: tuple[int, ...], shape: Sequence[int]) -> View:
        """Emit a node whose result is seen in an order."""
        self.nodes.append(node)
        return View(node.name, order, tuple(shape))
