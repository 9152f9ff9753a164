"""Slices, and elements by index."""

import numpy as np

from converter.emit.axes import to_last
from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.readers.onnx.op import Op, within
from converter.readers.onnx.operators.reduction import reverse
from converter.readers.onnx.registry import converts


@converts("Slice", since=(1, 10, 11, 13))
def slice_(node: Op, b: Builder) -> Value:
    """Ranges of axes; an axis with a negative step is reversed first."""
    x = b.cast(node[0], "int32") if node[0].dtype == "bool" else node[0]
    begin, end, step = [0] * x.rank, [*x.shape], [1] * x.rank
    reversed_axes = []
    for axis, start, stop, stride in _ranges(node):
        places = range(x.shape[axis])[start:stop:stride]
        first, last = places[0], places[-1]
        if stride < 0:
            reversed_axes.append(axis)
            first, last = x.shape[axis] - 1 - first, x.shape[axis] - 1 - last
        begin[axis], end[axis], step[axis] = first, last + 1, abs(stride)
    if reversed_axes:
        x = reverse(b, x, reversed_axes)
    made = b.stride(x, begin, end, step)
    return b.cast(b.unary("Identity", made) if made is node[0] else made, node.result.dtype)


def _ranges(node: Op) -> list[tuple[int, int, int, int]]:
    """Return axis, start, end and step of each range; ends may exceed the axis."""
    if node.version < 10:
        starts, ends = node.numbers("starts"), node.numbers("ends")
        axes, steps = node.numbers("axes", range(len(starts))), [1] * len(starts)
    else:
        starts, ends = node.ints(1), node.ints(2)
        axes = node.ints(3) if node.get(3) is not None else [*range(len(starts))]
        steps = node.ints(4) if node.get(4) is not None else [1] * len(starts)
    rank = node[0].rank
    return [
        (within(axis, rank), start, end, step)
        for axis, start, end, step in zip(axes, starts, ends, steps, strict=True)
    ]


def positive(b: Builder, indices: Value, size: int) -> Value:
    """Return indices in 0..size-1, given indices in -size..size-1.

    Raises:
        Refused: If a constant index is out of range.
    """
    if indices.array is not None:
        array = indices.array.astype(np.int64)
        array = np.where(array < 0, array + size, array)
        if array.size and not 0 <= array.min() <= array.max() < size:
            raise Refused(f"an index is outside an axis of {size}", "export the model again")
        return b.constant(array)
    below = b.binary("Less", indices, 0, "bool")
    return b.where(below, b.add(indices, size), indices)


@converts("Gather", since=(1, 11, 13))
def gather(node: Op, b: Builder) -> Value:
    """Slices of an axis by index."""
    axis = node.axis(0)
    return b.gather(node[0], positive(b, node[1], node[0].shape[axis]), axis)


@converts("GatherElements", since=(11, 13))
def gather_elements(node: Op, b: Builder) -> Value:
    """Elements of an axis, each by its own index."""
    x, axis = node[0], node.axis(0)
    places = element_places(b, x, node[1], axis)
    return b.reshape(b.gather(b.reshape(x, (x.size,)), places, 0), node[1].shape)


def element_places(b: Builder, x: Value, indices: Value, axis: int) -> Value:
    """Return positions in the flattened ``x``, given indices of an axis: ``(count,) int32``."""
    strides = [int(np.prod(x.shape[i + 1 :], dtype=int)) for i in range(x.rank)]
    grid = np.indices(indices.shape)
    rest = sum(
        (grid[i] * strides[i] for i in range(x.rank) if i != axis), np.zeros(indices.shape, int)
    )
    index = b.mul(b.cast(positive(b, indices, x.shape[axis]), "int32"), strides[axis])
    return b.reshape(b.add(index, b.constant(rest.astype(np.int32))), (indices.size,))


@converts("GatherND", since=(11, 12, 13))
def gather_nd(node: Op, b: Builder) -> Value:
    """Blocks by indices of the leading axes."""
    x, indices = node[0], node[1]
    batch = node.integer("batch_dims", 0)
    places = block_places(b, x, indices, batch)
    depth = batch + indices.shape[-1]
    flat = b.reshape(x, (int(np.prod(x.shape[:depth], dtype=int)), *x.shape[depth:]))
    return b.reshape(b.gather(flat, places, 0), node.result.shape)


def block_places(b: Builder, x: Value, indices: Value, batch: int = 0) -> Value:
    """Return the numbers of the blocks that ``indices`` select: ``(count,) int32``.

    Args:
        b: The builder.
        x: The tensor, seen as a list of blocks over the batch axes and the indexed ones.
        indices: ``(..., depth)``: an index for each of the axes after the batch axes.
        batch: Number of batch axes.
    """
    depth = indices.shape[-1]
    strides = [
        int(np.prod(x.shape[i + 1 : batch + depth], dtype=int)) for i in range(batch + depth)
    ]
    total: Value | None = None
    for i in range(depth):
        column = positive(b, b.cut(indices, indices.rank - 1, i, 1), x.shape[batch + i])
        term = b.mul(b.cast(column, "int32"), strides[batch + i])
        total = term if total is None else b.add(total, term)
    if total is None:
        raise Refused("indices of no axis", "leave the node out")
    for i in range(batch):
        ruler = np.arange(x.shape[i]) * strides[i]
        shape = [x.shape[i] if k == i else 1 for k in range(indices.rank)]
        total = b.add(total, b.constant(ruler.astype(np.int32).reshape(shape)))
    return b.reshape(total, (total.size,))


@converts("Compress", since=(9, 11, 28))
def compress(node: Op, b: Builder) -> Value:
    """Slices where a constant condition is true."""
    places = np.flatnonzero(node.constant(1)).astype(np.int32)
    if "axis" in node.attributes:
        return b.gather(node[0], b.constant(places), node.axis(0))
    return b.gather(b.reshape(node[0], (node[0].size,)), b.constant(places), 0)


@converts("TopK", since=(1, 10, 11, 24))
def top_k(node: Op, b: Builder) -> list[Value]:
    """The largest or smallest elements along an axis, and their indices."""
    x, axis = node[0], node.axis(-1)
    count = node.integer("k", 1) if node.version < 10 else node.ints(1)[0]
    order, back = to_last(x.rank, axis)
    smallest = not node.integer("largest", 1)
    work = b.transpose(b.unary("Neg", x) if smallest else x, order)
    shape = (*work.shape[:-1], count)
    made = b.emit_many(
        "TopKV2",
        [work, b.constant(count)],
        [Value("", shape, x.dtype), Value("", shape, "int32")],
        sorted=True,
    )
    values, places = (b.transpose(each, back) for each in made)
    return [b.unary("Neg", values) if smallest else values, places]
