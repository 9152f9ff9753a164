"""Reductions along axes."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from converter.emit.builder import Builder
from converter.emit.values import Value
from converter.readers.onnx.op import Op, within
from converter.readers.onnx.registry import converts

_Reduce: TypeAlias = Callable[[Builder, Value, list[int]], Value]
"""Takes a value and axes; the reduced axes keep a size of 1."""


def reduced_axes(node: Op) -> list[int]:
    """Return the axes to reduce, from an attribute (old versions) or an input (new ones)."""
    if "axes" in node.attributes:
        axes = node.numbers("axes")
    elif node.get(1) is not None:
        axes = node.ints(1)
    else:
        axes = []
    if not axes and not node.integer("noop_with_empty_axes", 0):
        return list(range(node[0].rank))
    return sorted(within(int(axis), node[0].rank) for axis in axes)


def _plain(op: str) -> _Reduce:
    def reduce(b: Builder, x: Value, axes: list[int]) -> Value:
        if not axes:
            return b.unary("Identity", x)
        if x.dtype == "bool":
            return b.reduce({"Max": "Any", "Min": "All"}[op], x, axes)
        return b.reduce(op, x, axes)

    return reduce


def _mean(b: Builder, x: Value, axes: list[int]) -> Value:
    if not axes:
        return b.unary("Identity", x)
    if x.dtype == "float32":
        return b.reduce("Mean", x, axes)
    count = int(np.prod([x.shape[axis] for axis in axes]))
    total = b.reduce("Sum", x, axes)
    signs = b.unary("Sign", total)
    return b.mul(signs, b.binary("FloorDiv", b.unary("Abs", total), count))


def _l1(b: Builder, x: Value, axes: list[int]) -> Value:
    return _plain("Sum")(b, b.unary("Abs", x), axes)


def _sum_square(b: Builder, x: Value, axes: list[int]) -> Value:
    return _plain("Sum")(b, b.mul(x, x), axes)


def _l2(b: Builder, x: Value, axes: list[int]) -> Value:
    return b.unary("Sqrt", _sum_square(b, x, axes))


def _log_sum(b: Builder, x: Value, axes: list[int]) -> Value:
    return b.unary("Log", _plain("Sum")(b, x, axes))


def _log_sum_exp(b: Builder, x: Value, axes: list[int]) -> Value:
    """Subtract the maximum first, so that exp cannot overflow."""
    if not axes:
        return b.unary("Identity", x)
    most = b.reduce("Max", x, axes)
    total = b.reduce("Sum", b.unary("Exp", b.sub(x, most)), axes)
    return b.add(b.unary("Log", total), most)


_REDUCTIONS: dict[str, tuple[_Reduce, tuple[int, ...]]] = {
    "ReduceL1": (_l1, (1, 11, 13, 18)),
    "ReduceL2": (_l2, (1, 11, 13, 18)),
    "ReduceLogSum": (_log_sum, (1, 11, 13, 18, 28)),
    "ReduceLogSumExp": (_log_sum_exp, (1, 11, 13, 18, 28)),
    "ReduceMax": (_plain("Max"), (1, 11, 12, 13, 18, 20)),
    "ReduceMean": (_mean, (1, 11, 13, 18)),
    "ReduceMin": (_plain("Min"), (1, 11, 12, 13, 18, 20)),
    "ReduceProd": (_plain("Prod"), (1, 11, 13, 18)),
    "ReduceSum": (_plain("Sum"), (1, 11, 13)),
    "ReduceSumSquare": (_sum_square, (1, 11, 13, 18)),
}


def _register(name: str, reduce: _Reduce, versions: tuple[int, ...]) -> None:
    @converts(name, since=versions)
    def convert(node: Op, b: Builder) -> Value:
        return b.reshape(reduce(b, node[0], reduced_axes(node)), node.result.shape)


for _name, (_reduce, _versions) in _REDUCTIONS.items():
    _register(_name, _reduce, _versions)


@converts("ArgMax", since=(1, 11, 12, 13))
def arg_max(node: Op, b: Builder) -> Value:
    """Index of the maximum along an axis."""
    return _arg(node, "ArgMax", b)


@converts("ArgMin", since=(1, 11, 12, 13))
def arg_min(node: Op, b: Builder) -> Value:
    """Index of the minimum along an axis."""
    return _arg(node, "ArgMin", b)


def _arg(node: Op, op: str, b: Builder) -> Value:
    x, axis = node[0], node.axis(0)
    last = bool(node.integer("select_last_index", 0))
    if last:
        x = reverse(b, x, [axis])
    shape = [side for i, side in enumerate(x.shape) if i != axis]
    made = b.emit(op, [x, b.constant(axis)], shape, "int32")
    if last:
        made = b.sub(b.constant(x.shape[axis] - 1), made)
    return b.reshape(made, node.result.shape)


def reverse(b: Builder, x: Value, axes: list[int]) -> Value:
    """Reverse axes."""
    return b.emit("ReverseV2", [x, b.constant(np.asarray(axes, np.int32))], x.shape, x.dtype)
