"""Operators that move elements: reshape, transpose, join, split, repeat, pad."""

from typing import Literal

import numpy as np

from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.readers.onnx.op import Op
from converter.readers.onnx.registry import converts

_ALL = (1, 13, 21, 23, 24, 25)


@converts("Reshape", since=(5, 13, 14, 19, 21, 23, 24, 25))
@converts("Flatten", since=(9, 11, 13, 21, 23, 24, 25))
@converts("Squeeze", since=(1, 11, 13, 21, 23, 24, 25))
@converts("Unsqueeze", since=(1, 11, 13, 21, 23, 24, 25))
def reshape(node: Op, b: Builder) -> Value:
    """Reshape to the shape that ONNX inferred."""
    if node[0].shape == node.result.shape:
        return b.unary("Identity", node[0])
    return b.reshape(node[0], node.result.shape)


@converts("Transpose", since=_ALL)
def transpose(node: Op, b: Builder) -> Value:
    """Permute axes; without ``perm``, reverse their order."""
    order = [int(each) for each in node.numbers("perm", range(node[0].rank - 1, -1, -1))]
    if order == sorted(order):
        return b.unary("Identity", node[0])
    return b.transpose(node[0], order)


@converts("Concat", since=(4, 11, 13))
def concat(node: Op, b: Builder) -> Value:
    """Join along an axis."""
    values = [b.cast(each, "int32") if each.dtype == "bool" else each for each in node.given]
    if len(values) == 1:
        return b.unary("Identity", node[0])
    return b.cast(b.concat(values, node.axis(0)), node.result.dtype)


@converts("Split", since=(2, 11, 13, 18))
def split(node: Op, b: Builder) -> list[Value]:
    """Split along an axis."""
    axis, begin, parts = node.axis(0), 0, []
    for result in node.results:
        size = result.shape[axis]
        parts.append(b.cut(node[0], axis, begin, size))
        begin += size
    if len(parts) == 1:
        return [b.unary("Identity", node[0])]
    return parts


@converts("Expand", since=(8, 13))
def expand(node: Op, b: Builder) -> Value:
    """Broadcast to a shape."""
    if node[0].shape == node.result.shape:
        return b.unary("Identity", node[0])
    return b.expand(node[0], node.result.shape)


@converts("Tile", since=(6, 13))
def tile(node: Op, b: Builder) -> Value:
    """Repeat each axis."""
    times = [new // old for new, old in zip(node.result.shape, node[0].shape, strict=True)]
    return b.tile(node[0], times) if max(times) > 1 else b.unary("Identity", node[0])


@converts("DepthToSpace", since=(1, 11, 13, 28))
def depth_to_space(node: Op, b: Builder) -> Value:
    """Move channels into pixels; ``DCR`` has the block before the channel, ``CRD`` after."""
    n, c, h, w = node[0].shape
    s = node.integer("blocksize", 1)
    if node.text("mode", "DCR") == "DCR":
        inner, order = (n, s, s, c // s**2, h, w), (0, 3, 4, 1, 5, 2)
    else:
        inner, order = (n, c // s**2, s, s, h, w), (0, 1, 4, 2, 5, 3)
    moved = b.transpose(b.reshape(node[0], inner), order)
    return b.reshape(moved, node.result.shape)


@converts("SpaceToDepth", since=(1, 13, 28))
def space_to_depth(node: Op, b: Builder) -> Value:
    """Move pixels into channels."""
    n, c, h, w = node[0].shape
    s = node.integer("blocksize", 1)
    inner = node.text("mode", "DCR") != "DCR"
    order = (0, 1, 3, 5, 2, 4) if inner else (0, 3, 5, 1, 2, 4)
    moved = b.transpose(b.reshape(node[0], (n, c, h // s, s, w // s, s)), order)
    return b.reshape(moved, node.result.shape)


@converts("Pad", since=(2, 11, 13, 18, 19, 21, 23, 24, 25))
def pad(node: Op, b: Builder) -> Value:
    """Add margins; negative ones crop."""
    x, widths = node[0], _widths(node)
    mode = node.text("mode", "constant")
    x = _cropped(b, x, widths)
    grown = [(max(0, before), max(0, after)) for before, after in widths]
    if mode == "constant":
        return b.pad(x, grown, _filling(node)) if any(map(any, grown)) else b.unary("Identity", x)
    for axis, (before, after) in enumerate(grown):
        if before or after:
            places = np.pad(np.arange(x.shape[axis]), (before, after), _MODES[mode])
            x = b.gather(x, b.constant(places.astype(np.int32)), axis)
    return x


_MODES: dict[str, Literal["reflect", "edge", "wrap"]] = {
    "reflect": "reflect",
    "edge": "edge",
    "wrap": "wrap",
}


def _widths(node: Op) -> list[tuple[int, int]]:
    pads = node.numbers("pads") if node.version < 11 else node.ints(1)
    rank = node[0].rank
    axes = [each % rank for each in node.ints(3)] if node.get(3) is not None else range(rank)
    half, widths = len(pads) // 2, [(0, 0)] * rank
    for index, axis in enumerate(axes):
        widths[axis] = (int(pads[index]), int(pads[half + index]))
    return widths


def _filling(node: Op) -> float:
    if node.version < 11:
        return node.number("value", 0.0)
    if node.get(2) is None:
        return 0.0
    value = float(node.constant(2).reshape(-1)[0])
    limits = np.finfo(np.float32)
    return float(np.clip(value, limits.min, limits.max))


def _cropped(b: Builder, x: Value, widths: list[tuple[int, int]]) -> Value:
    begin = [max(0, -before) for before, _ in widths]
    size = [
        side - start - max(0, -after)
        for side, start, (_, after) in zip(x.shape, begin, widths, strict=True)
    ]
    return b.slice(x, begin, size)


@converts("Trilu", since=14)
def trilu(node: Op, b: Builder) -> Value:
    """Upper or lower triangle; zero elsewhere."""
    k = node.ints(1)[0] if node.get(1) is not None else 0
    rows, columns = node[0].shape[-2:]
    cut = np.triu if node.integer("upper", 1) else np.tril
    mask = b.constant(cut(np.ones((rows, columns)), k).astype(np.bool_))
    x = b.cast(node[0], "int32") if node[0].dtype == "bool" else node[0]
    return b.cast(b.where(mask, x, 0), node[0].dtype)


@converts("CenterCropPad", since=18)
def center_crop_pad(node: Op, b: Builder) -> Value:
    """Crop or pad each axis to a size, evenly on both sides."""
    x, begin, size, widths = node[0], [], [], []
    for old, new in zip(x.shape, node.result.shape, strict=True):
        spare = abs(new - old) // 2
        begin.append(spare if old > new else 0)
        size.append(min(old, new))
        widths.append((spare, new - old - spare) if new > old else (0, 0))
    return b.pad(b.slice(x, begin, size), widths)


@converts("ReverseSequence", since=(10, 28))
def reverse_sequence(node: Op, b: Builder) -> Value:
    """Reverse the first elements of each sequence, as many as its length says."""
    time, batch = node.integer("time_axis", 0), node.integer("batch_axis", 1)
    steps, rows = node[0].shape[time], node[0].shape[batch]
    if node[0].rank < 2 or {time, batch} != {0, 1}:
        raise Refused("time and batch are not the first two axes", "transpose first")
    places = np.tile(np.arange(steps), (rows, 1))
    for row, length in enumerate(node.ints(1)):
        places[row, :length] = np.arange(length)[::-1]
    flat = (
        places * rows + np.arange(rows)[:, None]
        if time == 0
        else (places + np.arange(rows)[:, None] * steps)
    )
    order = flat.T if time == 0 else flat
    rest = node[0].shape[2:]
    taken = b.gather(
        b.reshape(node[0], (steps * rows, *rest)),
        b.constant(order.reshape(-1).astype(np.int32)),
        0,
    )
    return b.reshape(taken, node[0].shape)
