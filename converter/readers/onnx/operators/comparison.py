"""Comparisons, logic, and selection."""

import numpy as np

from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.readers.onnx.op import Op
from converter.readers.onnx.registry import Converter, converts

_COMPARISONS: dict[str, tuple[int, ...]] = {
    "Equal": (7, 11, 13, 19),
    "Greater": (9, 13),
    "GreaterOrEqual": (12, 16),
    "Less": (9, 13),
    "LessOrEqual": (12, 16),
}


def _comparison(op: str) -> Converter:
    def convert(node: Op, b: Builder) -> Value:
        if "uint64" in node.kinds or "uint32" in node.kinds:
            _check_range(node)
        pair = [b.cast(each, "int32") if each.dtype == "bool" else each for each in node.given]
        return b.binary(op, pair[0], pair[1], "bool")

    return convert


def _check_range(node: Op) -> None:
    for value in node.given:
        if value.array is not None and value.size and int(value.array.max()) > 2**31 - 1:
            raise Refused("a constant is outside int32", "use smaller numbers")


for _name, _versions in _COMPARISONS.items():
    converts(_name, since=_versions)(_comparison(_name.replace("OrEqual", "Equal")))


@converts("And", since=7)
def and_(node: Op, b: Builder) -> Value:
    """``a and b``."""
    return b.binary("LogicalAnd", node[0], node[1])


@converts("Or", since=7)
def or_(node: Op, b: Builder) -> Value:
    """``a or b``."""
    return b.binary("LogicalOr", node[0], node[1])


@converts("Xor", since=7)
def xor(node: Op, b: Builder) -> Value:
    """``a xor b``."""
    pair = [b.cast(each, "int32") for each in (node[0], node[1])]
    return b.binary("NotEqual", pair[0], pair[1], "bool")


@converts("Not", since=1)
def not_(node: Op, b: Builder) -> Value:
    """``not a``."""
    return b.unary("LogicalNot", node[0])


@converts("IsNaN", since=(9, 13, 20))
def is_nan(node: Op, b: Builder) -> Value:
    """``x != x``."""
    return b.binary("NotEqual", node[0], node[0], "bool")


@converts("IsInf", since=(10, 20))
def is_inf(node: Op, b: Builder) -> Value:
    """``abs(x)`` above the largest float32, for the signs that the attributes ask for."""
    most = float(np.finfo(np.float32).max)
    found = []
    if node.integer("detect_positive", 1):
        found.append(b.binary("Greater", node[0], most, "bool"))
    if node.integer("detect_negative", 1):
        found.append(b.binary("Less", node[0], -most, "bool"))
    if not found:
        return b.constant(np.zeros(node[0].shape, np.bool_))
    return found[0] if len(found) == 1 else b.binary("LogicalOr", found[0], found[1])


@converts("Where", since=(9, 16))
def where(node: Op, b: Builder) -> Value:
    """``condition ? x : y``."""
    condition, x, y = node[0], node[1], node[2]
    if x.dtype != "bool":
        return b.where(condition, x, y)
    return b.cast(b.where(condition, b.cast(x, "int32"), b.cast(y, "int32")), "bool")
