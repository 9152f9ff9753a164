"""A graph that `layout` rewrites: new nodes, and a view for each tensor of the old graph."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from converter.analyses import shapes
from converter.graph import Array, Graph, Node, producer


@dataclass(frozen=True)
class View:
    """A stored tensor that holds an original one with permuted axes.

    Attributes:
        reference: The stored tensor, in the new graph.
        order: ``order[original] == stored``, for axes; None if the rank is not known.
        shape: Shape of the original tensor; None if it is not known.
    """

    reference: str
    order: tuple[int, ...] | None
    shape: tuple[int, ...] | None

    @property
    def moved(self) -> bool:
        """Whether the axes are permuted."""
        return self.order is not None and self.order != tuple(range(len(self.order)))


def straight(reference: str, shape: tuple[int, ...] | None) -> View:
    """Return the view of a tensor that is stored as it is."""
    return View(reference, None if shape is None else tuple(range(len(shape))), shape)


class Rewrite:
    """A new graph, built node by node from an old one.

    Attributes:
        weights: The weights so far, including the old ones.
        nodes: The nodes so far.
        views: The view for each reference of the old graph.
    """

    def __init__(self, graph: Graph) -> None:
        self.weights: dict[str, Array] = dict(graph.weights)
        self.nodes: list[Node] = []
        self.views: dict[str, View] = {
            **{tensor.name: straight(tensor.name, tensor.shape) for tensor in graph.inputs},
            **{name: straight(name, array.shape) for name, array in graph.weights.items()},
        }
        self._transposed: dict[tuple[str, tuple[int, ...]], str] = {}
        self._numbers = 0

    def view(self, reference: str) -> View:
        """Return the view for a reference of the old graph."""
        name = producer(reference)
        if reference != name:
            return self.views.get(reference, View(reference, None, None))
        return self.views[name]

    def keep(self, node: Node) -> View:
        """Emit a node with its inputs in their original order of axes."""
        inputs = tuple(self.plain(each) for each in node.inputs)
        given = [self.view(each).shape for each in node.inputs]
        self.nodes.append(replace(node, inputs=inputs))
        return straight(node.name, shapes.infer(node, given, self.weights))

    def plain(self, reference: str) -> str:
        """Return the new reference to a tensor in its original order of axes."""
        view = self.view(reference)
        order = view.order
        return self.ordered(view, tuple(range(len(order)))) if order is not None else view.reference

    def ordered(self, view: View, order: tuple[int, ...]) -> str:
        """Return a reference to the tensor of a view, stored in another order."""
        if view.order == order or view.order is None:
            return view.reference
        # Original axis i is axis view.order[i] of the stored tensor, and becomes axis order[i].
        permutation = tuple(view.order[i] for i in np.argsort(order))
        key = (view.reference, permutation)
        if key not in self._transposed:
            self._transposed[key] = self._transpose(view.reference, permutation)
        return self._transposed[key]

    def _transpose(self, reference: str, permutation: tuple[int, ...]) -> str:
        """Return the name of a transposed tensor: a new weight, or a new node."""
        name = self._fresh(reference, "transposed")
        if reference in self.weights:
            array: Any = np.ascontiguousarray(self.weights[reference].transpose(permutation))
            self.weights[name] = array
            return name
        order = self.constant(np.asarray(permutation, np.int32), name)
        self.nodes.append(Node(name, "Transpose", (reference, order)))
        return name

    def _fresh(self, reference: str, purpose: str) -> str:
        """Return an unused name."""
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
        """Return the content of a weight as integers; None if the tensor is computed."""
        array = self.weights.get(self.view(reference).reference)
        return None if array is None else [int(each) for each in array.reshape(-1)]

    def emit(self, node: Node, order: tuple[int, ...], shape: Sequence[int]) -> View:
        """Emit a node; return the view of its result.

        Args:
            node: The node.
            order: ``order[original] == stored``, for the axes of its result.
            shape: Shape of its result in the original order.
        """
        self.nodes.append(node)
        return View(node.name, order, tuple(shape))
