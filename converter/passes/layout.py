"""Push transposes out of a network, so that most of them cancel.

ONNX's images are NCHW and TF.js's NHWC: a graph that was read from ONNX has a Transpose before
and after each convolution. This walks along the graph once and postpones every Transpose: instead
of the tensor that a reference names it keeps one with the same elements in another order of axes,
and that order, as a `_View`. Operations that work on any order are made to work on that one, and
their constants are transposed; a Transpose changes the order and costs nothing; a Transpose that
undoes another cancels it. What needs the axes as they were gets a Transpose after all.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np

from converter.graph import Array, Graph, Node, producer
from converter.passes import shapes

_ELEMENTWISE = shapes.UNARY | shapes.BINARY | {"SelectV2", "Prelu"}


@dataclass(frozen=True)
class _View:
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


_Handler: TypeAlias = "Callable[[_Layout, Node], _View | None]"


def layout(graph: Graph) -> Graph:
    """Return the graph with as few transposes as this finds; inputs and outputs stay."""
    if not any(node.op == "Transpose" for node in graph.nodes):
        return graph
    return _Layout(graph).run()


class _Layout:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.weights: dict[str, Array] = dict(graph.weights)
        self.nodes: list[Node] = []
        self.views: dict[str, _View] = {}
        self.made: dict[tuple[str, tuple[int, ...]], str] = {}
        self.numbers = 0

    def run(self) -> Graph:
        for tensor in self.graph.inputs:
            self.views[tensor.name] = _straight(tensor.name, tensor.shape)
        for name, array in self.graph.weights.items():
            self.views[name] = _straight(name, array.shape)
        for node in self.graph.nodes:
            handler = _HANDLERS.get(node.op)
            view = handler(self, node) if handler else None
            self.views[node.name] = view if view is not None else self.keep(node)
        outputs = []
        for output in self.graph.outputs:
            outputs.append(replace(output, source=self.plain(output.source)))
        return replace(
            self.graph, nodes=tuple(self.nodes), outputs=tuple(outputs), weights=self.weights
        )

    def view(self, reference: str) -> _View:
        """Return the view that stands for a reference."""
        name = producer(reference)
        if reference != name:
            return self.views.get(reference, _View(reference, None, None))
        return self.views[name]

    def keep(self, node: Node) -> _View:
        """Emit a node as it is, with the axes of what it takes as they were."""
        inputs = tuple(self.plain(each) for each in node.inputs)
        given = [self.view(each).shape for each in node.inputs]
        self.nodes.append(replace(node, inputs=inputs))
        return _straight(node.name, shapes.infer(node, given, self.weights))

    def plain(self, reference: str) -> str:
        """Return a reference to what a view stands for."""
        view = self.view(reference)
        order = view.order
        return self.ordered(view, tuple(range(len(order)))) if order is not None else view.reference

    def ordered(self, view: _View, order: tuple[int, ...]) -> str:
        """Return a reference to what a view stands for, seen in another order."""
        if view.order == order or view.order is None:
            return view.reference
        # There: axis order[i] is axis i of what is meant, which lies in axis view.order[i] here.
        turn = tuple(view.order[i] for i in np.argsort(order))
        key = (view.reference, turn)
        if key not in self.made:
            self.made[key] = self._turned(view.reference, turn)
        return self.made[key]

    def _turned(self, reference: str, turn: tuple[int, ...]) -> str:
        name = self.fresh(reference, "transposed")
        if reference in self.weights:
            turned: Any = np.ascontiguousarray(self.weights[reference].transpose(turn))
            self.weights[name] = turned
            return name
        order = self.constant(np.asarray(turn, np.int32), name)
        self.nodes.append(Node(name, "Transpose", (reference, order)))
        return name

    def fresh(self, reference: str, purpose: str) -> str:
        """Return a name that nothing has."""
        self.numbers += 1
        return f"{reference.replace(':', '_')}/{purpose}_{self.numbers}"

    def constant(self, array: Any, near: str) -> str:  # noqa: ANN401 - whatever numpy takes
        """Return the name of a new weight."""
        name = self.fresh(near, "layout")
        weight: Array = np.asarray(array)
        self.weights[name] = weight
        self.views[name] = _straight(name, weight.shape)
        return name

    def integers(self, reference: str) -> list[int] | None:
        """Return the content of a weight; None if it is computed."""
        array = self.weights.get(self.view(reference).reference)
        return None if array is None else [int(each) for each in array.reshape(-1)]

    def emit(self, node: Node, order: tuple[int, ...], shape: Sequence[int]) -> _View:
        """Emit a node whose result is seen in an order."""
        self.nodes.append(node)
        return _View(node.name, order, tuple(shape))


def _straight(reference: str, shape: tuple[int, ...] | None) -> _View:
    return _View(reference, None if shape is None else tuple(range(len(shape))), shape)


def _transpose(state: _Layout, node: Node) -> _View | None:
    view, turn = state.view(node.inputs[0]), state.integers(node.inputs[1])
    if turn is None or view.order is None or view.shape is None:
        return None
    order = tuple(view.order[axis] for axis in turn)
    return _View(view.reference, order, tuple(view.shape[axis] for axis in turn))


def _elementwise(state: _Layout, node: Node) -> _View | None:
    """Work in the order of most operands; constants and broadcast ones follow."""
    views = [state.view(each) for each in node.inputs]
    if not any(view.moved for view in views):
        return None
    known = [view.shape for view in views]
    if any(shape is None for shape in known):
        return None
    shape = np.broadcast_shapes(*(each for each in known if each is not None))
    full = [view for view in views if view.shape == shape and view.moved and view.order is not None]
    if not full:
        return None
    order = full[0].order
    if order is None or any(_hinders(state, view, shape) for view in views):
        return None
    inputs = tuple(_operand(state, node, view, order) for view in views)
    op = "AddV2" if node.op == "BiasAdd" else node.op
    return state.emit(replace(node, op=op, inputs=inputs), order, shape)


def _hinders(state: _Layout, view: _View, shape: Sequence[int]) -> bool:
    """Tell whether an operand cannot follow: it broadcasts, and is computed with fewer axes."""
    if view.shape is None or len(view.shape) in {0, len(shape)} or int(np.prod(view.shape)) == 1:
        return False
    return view.reference not in state.weights


def _operand(state: _Layout, node: Node, view: _View, order: tuple[int, ...]) -> str:
    shape = view.shape or ()
    missing = len(order) - len(shape)
    if int(np.prod(shape)) == 1 and missing and node.op != "Prelu":
        return view.reference
    if missing:
        array = state.weights[view.reference].reshape((1,) * missing + shape)
        view = _straight(state.constant(array, view.reference), array.shape)
    return state.ordered(view, order)


def _there(view: _View, axis: int) -> int:
    """Return which axis of what is there an axis of what is meant is."""
    order = view.order or ()
    return order[axis % len(order)]


def _reduction(state: _Layout, node: Node) -> _View | None:
    view, axes = state.view(node.inputs[0]), state.integers(node.inputs[1])
    if not view.moved or axes is None or view.shape is None or view.order is None:
        return None
    inside = sorted(_there(view, axis) for axis in axes)
    numbers = state.constant(np.asarray(inside, np.int32), node.name)
    gone = {axis % len(view.shape) for axis in axes}
    made = replace(node, inputs=(view.reference, numbers))
    if node.attributes.get("keep_dims"):
        return state.emit(
            made, view.order, [1 if i in gone else s for i, s in enumerate(view.shape)]
        )
    left = [i for i in range(len(view.shape)) if i not in gone]
    places = sorted(view.order[i] for i in left)
    order = tuple(places.index(view.order[i]) for i in left)
    return state.emit(made, order, [view.shape[i] for i in left])


def _concat(state: _Layout, node: Node) -> _View | None:
    *views, last = map(state.view, node.inputs)
    axis = state.integers(last.reference)
    moved = [view.order for view in views if view.moved and view.order is not None]
    if not moved or axis is None or any(view.shape is None for view in views):
        return None
    order = max(moved, key=moved.count)
    number = state.constant(np.int32(order[axis[0] % len(order)]), node.name)
    inputs = (*(state.ordered(view, order) for view in views), number)
    known = [view.shape for view in views if view.shape is not None]
    shape = [*known[0]]
    shape[axis[0]] = sum(each[axis[0]] for each in known)
    return state.emit(replace(node, inputs=inputs), order, shape)


def _rows(state: _Layout, node: Node) -> _View | None:
    """Operations whose other inputs have a row for each axis: Pad, Slice, Tile."""
    view = state.view(node.inputs[0])
    if not view.moved or view.shape is None or view.order is None:
        return None
    count = {"PadV2": 1, "Pad": 1, "MirrorPad": 1, "Tile": 1, "Slice": 2, "StridedSlice": 3}[
        node.op
    ]
    masks = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
    rows = [state.weights.get(state.view(each).reference) for each in node.inputs[1 : 1 + count]]
    if any(node.attributes.get(mask) for mask in masks) or any(each is None for each in rows):
        return None
    back = np.argsort(view.order)
    turned = [
        state.constant(np.ascontiguousarray(each[back]), node.name)
        for each in rows
        if each is not None
    ]
    rest = tuple(state.plain(each) for each in node.inputs[1 + count :])
    given = [state.view(each).shape for each in node.inputs]
    shape = shapes.infer(node, given, state.weights)
    if shape is None:
        return None
    return state.emit(replace(node, inputs=(view.reference, *turned, *rest)), view.order, shape)


def _gather(state: _Layout, node: Node) -> _View | None:
    view, indices = state.view(node.inputs[0]), state.view(node.inputs[1])
    axis = state.integers(node.inputs[2])
    if not view.moved or axis is None or view.shape is None or view.order is None:
        return None
    if indices.shape is None or len(indices.shape) != 1:
        return None
    number = state.constant(np.int32(_there(view, axis[0])), node.name)
    shape = [*view.shape]
    shape[axis[0]] = indices.shape[0]
    return state.emit(
        replace(node, inputs=(view.reference, indices.reference, number)), view.order, shape
    )


def _split(state: _Layout, node: Node) -> _View | None:
    """SplitV: one view for each part; the first is returned, the others are noted."""
    view, sizes = state.view(node.inputs[0]), state.integers(node.inputs[1])
    axis = state.integers(node.inputs[2])
    if not view.moved or view.shape is None or view.order is None:
        return None
    if sizes is None or axis is None or any(size < 0 for size in sizes):
        return None
    number = state.constant(np.int32(_there(view, axis[0])), node.name)
    shapes_made = [[*view.shape] for _ in sizes]
    for shape, size in zip(shapes_made, sizes, strict=True):
        shape[axis[0]] = size
    for index, shape in enumerate(shapes_made[1:], 1):
        reference = f"{node.name}:{index}"
        state.views[reference] = _View(reference, view.order, tuple(shape))
    inputs = (view.reference, state.plain(node.inputs[1]), number)
    return state.emit(replace(node, inputs=inputs), view.order, shapes_made[0])


def _reverse(state: _Layout, node: Node) -> _View | None:
    view, axes = state.view(node.inputs[0]), state.integers(node.inputs[1])
    if not view.moved or axes is None or view.shape is None or view.order is None:
        return None
    numbers = state.constant(np.asarray([_there(view, a) for a in axes], np.int32), node.name)
    return state.emit(replace(node, inputs=(view.reference, numbers)), view.order, view.shape)


def _reshape(state: _Layout, node: Node) -> _View | None:
    """Keep the order where a reshape only drops, adds or merges axes that lie side by side."""
    view, sides = state.view(node.inputs[0]), state.integers(node.inputs[1])
    if not view.moved or sides is None or view.shape is None or view.order is None:
        return None
    sides = _resolved(view.shape, sides)
    groups = _groups(view.shape, sides)
    if groups is None:
        return None
    placed = [[view.order[i] for i in group] for group in groups]
    filled = [(places, k) for k, places in enumerate(placed) if places]
    runs = all(p == list(range(p[0], p[0] + len(p))) for p, _ in filled)
    if not runs:
        return None
    filled.sort()
    there = [k for _, k in filled] + [k for k, places in enumerate(placed) if not places]
    shape = state.constant(np.asarray([sides[k] for k in there], np.int32), node.name)
    order = tuple(there.index(k) for k in range(len(sides)))
    return state.emit(replace(node, inputs=(view.reference, shape)), order, sides)


def _resolved(old: Sequence[int], new: Sequence[int]) -> list[int]:
    """Return new sides with the one that is -1 computed from the rest."""
    rest = int(np.prod([side for side in new if side != -1], dtype=int))
    return [int(np.prod(old)) // max(1, rest) if side == -1 else side for side in new]


def _groups(old: Sequence[int], new: Sequence[int]) -> list[list[int]] | None:
    """Return for each new side the old axes that it is the product of; None if there are none.

    Axes with one element go along with whatever is beside them, so they are left out.
    """
    if any(side < 1 for side in new):
        return None
    groups, axes = list[list[int]](), [i for i, side in enumerate(old) if side != 1]
    for side in new:
        group, product = list[int](), 1
        while product < side and axes:
            product *= old[axes[0]]
            group.append(axes.pop(0))
        if product != side:
            return None
        groups.append(group)
    ones = [i for i, side in enumerate(old) if side == 1]
    empty = [k for k, group in enumerate(groups) if not group]
    for k, axis in zip(empty, ones, strict=False):
        groups[k] = [axis]
    return None if axes else groups


_HANDLERS: dict[str, _Handler] = {
    "Transpose": _transpose,
    "Reshape": _reshape,
    "ConcatV2": _concat,
    "GatherV2": _gather,
    "ReverseV2": _reverse,
    "SplitV": _split,
    **dict.fromkeys(_ELEMENTWISE, _elementwise),
    **dict.fromkeys(("Mean", "Sum", "Max", "Min", "Prod", "Any", "All"), _reduction),
    **dict.fromkeys(("PadV2", "Pad", "MirrorPad", "Tile", "Slice", "StridedSlice"), _rows),
}
