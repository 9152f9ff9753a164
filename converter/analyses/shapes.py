"""Shape inference for TF.js operations, as far as passes need it."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from converter.analyses.operations import BINARY, CONVOLUTIONS, REDUCTIONS, UNARY
from converter.graph import Array, Graph, Node

Known: TypeAlias = tuple[int, ...] | None
"""A shape; None if it is not known."""

_SPATIAL = CONVOLUTIONS | {"MaxPool", "AvgPool"}


def table(graph: Graph) -> dict[str, Known]:
    """Return the shapes of inputs, weights and first outputs of nodes, by name."""
    known: dict[str, Known] = {each.name: each.shape for each in graph.inputs}
    known.update((name, array.shape) for name, array in graph.weights.items())
    for node in graph.nodes:
        given = [known.get(reference) for reference in node.inputs]
        known[node.name] = infer(node, given, graph.weights)
    return known


def infer(node: Node, given: Sequence[Known], weights: Mapping[str, Array]) -> Known:
    """Return the shape of a node's first output; None if it is not known."""
    constants = [weights.get(each) for each in node.inputs]
    try:
        return _infer(node, given, constants)
    except (ValueError, IndexError, KeyError, TypeError):
        return None


def _infer(  # noqa: PLR0911 - one for each kind of operation
    node: Node, given: Sequence[Known], constants: Sequence[Array | None]
) -> Known:
    first = given[0] if given else None
    if node.op in UNARY or node.op in {"Softmax", "LogSoftmax", "LRN", "Cumsum", "ReverseV2"}:
        return first
    if node.op in BINARY or node.op in {"SelectV2", "Prelu"}:
        known = [each for each in given if each is not None]
        return np.broadcast_shapes(*known) if len(known) == len(given) else None
    if first is None:
        return None
    if node.op in _SPATIAL:
        return _spatial(node, first, given)
    if node.op in {"Reshape", "Fill", "BroadcastTo"} and constants[1] is not None:
        sides = [int(each) for each in constants[1].reshape(-1)]
        rest = int(np.prod([side for side in sides if side != -1], dtype=int))
        return tuple(int(np.prod(first)) // rest if side == -1 else side for side in sides)
    if node.op == "Conv2DBackpropInput" and constants[0] is not None:
        return tuple(int(each) for each in constants[0])
    return _moved(node, first, given, constants)


def _moved(  # noqa: PLR0911 - one for each kind of operation
    node: Node, first: tuple[int, ...], given: Sequence[Known], constants: Sequence[Array | None]
) -> Known:
    rows = constants[1] if len(constants) > 1 else None
    if node.op == "MatMul" and len(given) > 1 and given[1] is not None:
        a, b = node.attributes.get("transpose_a"), node.attributes.get("transpose_b")
        return (first[1 if a else 0], given[1][0 if b else 1])
    if node.op == "BatchMatMulV2" and len(given) > 1 and given[1] is not None:
        a, b = node.attributes.get("adj_x"), node.attributes.get("adj_y")
        batch = np.broadcast_shapes(first[:-2], given[1][:-2])
        return (*batch, first[-1 if a else -2], given[1][-2 if b else -1])
    if node.op in {"ResizeBilinear", "ResizeNearestNeighbor"} and rows is not None:
        return (first[0], int(rows[0]), int(rows[1]), first[3])
    if node.op == "ConcatV2" and constants[-1] is not None:
        axis, known = int(constants[-1]), [each for each in given[:-1] if each is not None]
        if len(known) != len(given) - 1:
            return None
        total = sum(each[axis] for each in known)
        return tuple(total if i == axis % len(first) else side for i, side in enumerate(first))
    if rows is None:
        return None
    if node.op == "Transpose":
        return tuple(first[int(axis)] for axis in rows)
    if node.op in {"PadV2", "Pad", "MirrorPad"}:
        return tuple(int(side + sum(row)) for side, row in zip(first, rows, strict=True))
    if node.op == "Tile":
        return tuple(int(side * times) for side, times in zip(first, rows, strict=True))
    return _cut(node, first, constants)


def _cut(node: Node, first: tuple[int, ...], constants: Sequence[Array | None]) -> Known:
    known = [each for each in constants[1:] if each is not None]
    if node.op == "Slice" and len(known) == 2:
        begin, size = known
        triples = zip(first, begin, size, strict=True)
        return tuple(int(side - b if s == -1 else s) for side, b, s in triples)
    if node.op == "StridedSlice" and len(known) == 3 and not _masked(node):
        sides = [range(n)[slice(*map(int, r))] for n, *r in zip(first, *known, strict=True)]
        return tuple(map(len, sides))
    if node.op in REDUCTIONS and known:
        gone = {int(axis) % len(first) for axis in known[0].reshape(-1)}
        if node.attributes.get("keep_dims"):
            return tuple(1 if i in gone else side for i, side in enumerate(first))
        return tuple(side for i, side in enumerate(first) if i not in gone)
    return None


def _masked(node: Node) -> bool:
    return any(bool(value) for name, value in node.attributes.items() if name.endswith("_mask"))


def _spatial(node: Node, image: tuple[int, ...], given: Sequence[Known]) -> Known:
    """Return the result's shape of a convolution or pooling over ``(N, H, W, C)``."""
    if node.attributes.get("data_format", "NHWC") != "NHWC":
        return None
    strides = _four(node.attributes["strides"])
    dilations = _four(node.attributes.get("dilations", (1, 1, 1, 1)))
    channels = image[3]
    if node.op in {"MaxPool", "AvgPool"}:
        kernel = _four(node.attributes["ksize"])[1:3]
    else:
        filters = given[1]
        if filters is None:
            return None
        kernel = filters[:2]
        deep = "Depthwise" in node.op
        channels = filters[2] * filters[3] if deep else filters[3]
    margins = _four(node.attributes.get("explicit_paddings", (0,) * 8))
    sides = []
    for i in range(2):
        stride, span = strides[1 + i], (kernel[i] - 1) * dilations[1 + i] + 1
        if node.attributes["padding"] == "SAME":
            sides.append(-(-image[1 + i] // stride))
        else:
            pads = sum(margins[2 + 2 * i : 4 + 2 * i])
            sides.append((image[1 + i] + pads - span) // stride + 1)
    return (image[0], *sides, channels)


def _four(value: object) -> tuple[int, ...]:
    if not isinstance(value, tuple):
        raise TypeError(f"expected numbers, got {value!r}")
    return tuple(int(each) for each in value)
