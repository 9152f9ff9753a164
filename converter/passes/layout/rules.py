"""Rules that rewrite operations for inputs in another order of axes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from converter.analyses import shapes
from converter.analyses.operations import BINARY, REDUCTIONS, UNARY
from converter.graph import Node
from converter.passes.layout.rewrite import Rewrite, View, straight

_ELEMENTWISE = UNARY | BINARY | {"SelectV2", "Prelu"}


def _transpose(state: Rewrite, node: Node) -> View | None:
    view, turn = state.view(node.inputs[0]), state.integers(node.inputs[1])
    if turn is None or view.order is None or view.shape is None:
        return None
    order = tuple(view.order[axis] for axis in turn)
    return View(view.reference, order, tuple(view.shape[axis] for axis in turn))


def _elementwise(state: Rewrite, node: Node) -> View | None:
    """Work in the order of the first permuted operand; constants and broadcast ones follow."""
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
    if order is None or any(_is_fixed(state, view, shape) for view in views):
        return None
    inputs = tuple(_operand(state, node, view, order) for view in views)
    op = "AddV2" if node.op == "BiasAdd" else node.op
    return state.emit(replace(node, op=op, inputs=inputs), order, shape)


def _is_fixed(state: Rewrite, view: View, shape: Sequence[int]) -> bool:
    """Return whether an operand cannot be permuted: it is computed, and has fewer axes."""
    if view.shape is None or len(view.shape) in {0, len(shape)} or int(np.prod(view.shape)) == 1:
        return False
    return view.reference not in state.weights


def _operand(state: Rewrite, node: Node, view: View, order: tuple[int, ...]) -> str:
    """Return the reference to an operand in an order, with axes of size 1 added in front."""
    shape = view.shape or ()
    missing = len(order) - len(shape)
    if int(np.prod(shape)) == 1 and missing and node.op != "Prelu":
        return view.reference
    if missing:
        array = state.weights[view.reference].reshape((1,) * missing + shape)
        view = straight(state.constant(array, view.reference), array.shape)
    return state.ordered(view, order)


def _stored(view: View, axis: int) -> int:
    """Return the axis of the stored tensor for an axis of the original."""
    order = view.order or ()
    return order[axis % len(order)]


def _reduction(state: Rewrite, node: Node) -> View | None:
    view, axes = state.view(node.inputs[0]), state.integers(node.inputs[1])
    if not view.moved or axes is None or view.shape is None or view.order is None:
        return None
    inside = sorted(_stored(view, axis) for axis in axes)
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


def _concat(state: Rewrite, node: Node) -> View | None:
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


def _rows(state: Rewrite, node: Node) -> View | None:
    """Permute the rows of inputs that have one for each axis: Pad, Slice, Tile."""
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
    permuted = [
        state.constant(np.ascontiguousarray(each[back]), node.name)
        for each in rows
        if each is not None
    ]
    rest = tuple(state.plain(each) for each in node.inputs[1 + count :])
    given = [state.view(each).shape for each in node.inputs]
    shape = shapes.infer(node, given, state.weights)
    if shape is None:
        return None
    return state.emit(replace(node, inputs=(view.reference, *permuted, *rest)), view.order, shape)


def _gather(state: Rewrite, node: Node) -> View | None:
    view, indices = state.view(node.inputs[0]), state.view(node.inputs[1])
    axis = state.integers(node.inputs[2])
    if not view.moved or axis is None or view.shape is None or view.order is None:
        return None
    if indices.shape is None or len(indices.shape) != 1:
        return None
    number = state.constant(np.int32(_stored(view, axis[0])), node.name)
    shape = [*view.shape]
    shape[axis[0]] = indices.shape[0]
    return state.emit(
        replace(node, inputs=(view.reference, indices.reference, number)), view.order, shape
    )


def _split(state: Rewrite, node: Node) -> View | None:
    """Return the view of the first part, and add those of the others to the state."""
    view, sizes = state.view(node.inputs[0]), state.integers(node.inputs[1])
    axis = state.integers(node.inputs[2])
    if not view.moved or view.shape is None or view.order is None:
        return None
    if sizes is None or axis is None or any(size < 0 for size in sizes):
        return None
    number = state.constant(np.int32(_stored(view, axis[0])), node.name)
    shapes_made = [[*view.shape] for _ in sizes]
    for shape, size in zip(shapes_made, sizes, strict=True):
        shape[axis[0]] = size
    for index, shape in enumerate(shapes_made[1:], 1):
        reference = f"{node.name}:{index}"
        state.views[reference] = View(reference, view.order, tuple(shape))
    inputs = (view.reference, state.plain(node.inputs[1]), number)
    return state.emit(replace(node, inputs=inputs), view.order, shapes_made[0])


def _reverse(state: Rewrite, node: Node) -> View | None:
    view, axes = state.view(node.inputs[0]), state.integers(node.inputs[1])
    if not view.moved or axes is None or view.shape is None or view.order is None:
        return None
    numbers = state.constant(np.asarray([_stored(view, a) for a in axes], np.int32), node.name)
    return state.emit(replace(node, inputs=(view.reference, numbers)), view.order, view.shape)


def _reshape(state: Rewrite, node: Node) -> View | None:
    """Keep the order where a reshape only drops, adds or merges adjacent axes."""
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
    stored = [k for _, k in filled] + [k for k, places in enumerate(placed) if not places]
    shape = state.constant(np.asarray([sides[k] for k in stored], np.int32), node.name)
    order = tuple(stored.index(k) for k in range(len(sides)))
    return state.emit(replace(node, inputs=(view.reference, shape)), order, sides)


def _resolved(old: Sequence[int], new: Sequence[int]) -> list[int]:
    """Return new sides with -1 replaced by the remaining number of elements."""
    rest = int(np.prod([side for side in new if side != -1], dtype=int))
    return [int(np.prod(old)) // max(1, rest) if side == -1 else side for side in new]


def _groups(old: Sequence[int], new: Sequence[int]) -> list[list[int]] | None:
    """Return for each new side the old axes whose product it is; None if there are none.

    Old axes of size 1 are assigned to new sides without any, as far as there are such sides.
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


Rule: TypeAlias = Callable[[Rewrite, Node], View | None]
"""Emits a node for its views, and returns the view of its result; None if it does not apply."""

RULES: dict[str, Rule] = {
    "Transpose": _transpose,
    "Reshape": _reshape,
    "ConcatV2": _concat,
    "GatherV2": _gather,
    "ReverseV2": _reverse,
    "SplitV": _split,
    **dict.fromkeys(_ELEMENTWISE, _elementwise),
    **dict.fromkeys(REDUCTIONS, _reduction),
    **dict.fromkeys(("PadV2", "Pad", "MirrorPad", "Tile", "Slice", "StridedSlice"), _rows),
}
"""Rules by operation."""
