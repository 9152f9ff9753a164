"""Elementwise arithmetic, and running sums.

Integers are int32 in TF.js; results of 8-bit and 16-bit ONNX integers are wrapped.
"""

import numpy as np

from converter.emit.builder import Builder
from converter.emit.values import Value
from converter.readers.onnx.op import Op
from converter.readers.onnx.operators.bits import wrapped
from converter.readers.onnx.registry import Converter, converts

_UNARY: dict[str, tuple[str, tuple[int, ...]]] = {
    "Abs": ("Abs", (6, 13)),
    "Acos": ("Acos", (7, 22)),
    "Acosh": ("Acosh", (9, 22)),
    "Asin": ("Asin", (7, 22)),
    "Asinh": ("Asinh", (9, 22)),
    "Atan": ("Atan", (7, 22)),
    "Atanh": ("Atanh", (9, 22)),
    "Ceil": ("Ceil", (6, 13)),
    "Cos": ("Cos", (7, 22)),
    "Cosh": ("Cosh", (9, 22)),
    "Erf": ("Erf", (9, 13)),
    "Exp": ("Exp", (6, 13)),
    "Floor": ("Floor", (6, 13)),
    "Log": ("Log", (6, 13)),
    "Neg": ("Neg", (6, 13)),
    "Reciprocal": ("Reciprocal", (6, 13)),
    "Round": ("Round", (11, 22)),
    "Sign": ("Sign", (9, 13)),
    "Sin": ("Sin", (7, 22)),
    "Sinh": ("Sinh", (9, 22)),
    "Sqrt": ("Sqrt", (6, 13)),
    "Tan": ("Tan", (7, 22)),
}
"""TF.js operation and schema versions of each operator that has a counterpart."""


def _unary(op: str) -> Converter:
    def convert(node: Op, b: Builder) -> Value:
        return b.unary(op, node[0])

    return convert


for _name, (_op, _versions) in _UNARY.items():
    converts(_name, since=_versions)(_unary(_op))


def _binary(op: str) -> Converter:
    def convert(node: Op, b: Builder) -> Value:
        return wrapped(b, b.binary(op, node[0], node[1]), node.kinds[0])

    return convert


for _name, _op in (("Add", "AddV2"), ("Sub", "Sub"), ("Mul", "Mul")):
    converts(_name, since=(7, 13, 14))(_binary(_op))


@converts("Div", since=(7, 13, 14))
def div(node: Op, b: Builder) -> Value:
    """``x / y``; integer quotients are truncated towards zero."""
    if node[0].dtype == "float32":
        return b.div(node[0], node[1])
    if node.kinds[0].startswith("u"):
        return b.binary("FloorDiv", node[0], node[1])
    signs = b.mul(b.unary("Sign", node[0]), b.unary("Sign", node[1]))
    sizes = b.binary("FloorDiv", b.unary("Abs", node[0]), b.unary("Abs", node[1]))
    return wrapped(b, b.mul(signs, sizes), node.kinds[0])


@converts("Mod", since=(10, 13, 28))
def mod(node: Op, b: Builder) -> Value:
    """Remainder with the sign of the divisor, or with ``fmod`` of the dividend."""
    if not node.integer("fmod", 0):
        made = b.binary("FloorMod", node[0], node[1])
        return made if node[0].dtype == "int32" else _by_infinity(b, node[0], node[1], made)
    sizes = b.binary("FloorMod", b.unary("Abs", node[0]), b.unary("Abs", node[1]))
    return b.mul(b.unary("Sign", node[0]), sizes)


def _by_infinity(b: Builder, x: Value, y: Value, remainder: Value) -> Value:
    """Correct a remainder where ``y`` is infinite: ``x``, or ``y`` where their signs differ."""
    most = float(np.finfo(np.float32).max)
    infinite = b.binary("Greater", b.unary("Abs", y), most, "bool")
    finite = b.binary("LessEqual", b.unary("Abs", x), most, "bool")
    opposite = b.binary("Less", b.mul(b.unary("Sign", x), b.unary("Sign", y)), 0.0, "bool")
    return b.where(b.binary("LogicalAnd", infinite, finite), b.where(opposite, y, x), remainder)


@converts("Pow", since=(7, 12, 13, 15))
def pow_(node: Op, b: Builder) -> Value:
    """``base ** exponent``, in the dtype of the base."""
    base, exponent = node[0], node[1]
    if exponent.array is not None and exponent.size == 1 and base.dtype == "float32":
        power = float(exponent.array.reshape(-1)[0])
        if power in {2.0, 0.5} and exponent.rank <= base.rank:
            return b.unary("Square" if power == 2 else "Sqrt", base)
    floats = b.binary("Pow", b.cast(base, "float32"), b.cast(exponent, "float32"))
    if base.dtype == "float32":
        return floats
    return b.cast(b.unary("Round", floats), base.dtype)


@converts("Max", since=(8, 12, 13))
def max_(node: Op, b: Builder) -> Value:
    """Elementwise maximum of any number of operands."""
    return _joined(node, "Maximum", b)


@converts("Min", since=(8, 12, 13))
def min_(node: Op, b: Builder) -> Value:
    """Elementwise minimum of any number of operands."""
    return _joined(node, "Minimum", b)


@converts("Sum", since=(8, 13))
def sum_(node: Op, b: Builder) -> Value:
    """Elementwise sum of any number of operands."""
    return _joined(node, "AddV2", b)


@converts("Mean", since=(8, 13))
def mean(node: Op, b: Builder) -> Value:
    """Elementwise mean of any number of operands."""
    return b.mul(_joined(node, "AddV2", b), 1 / len(node.given))


def _joined(node: Op, op: str, b: Builder) -> Value:
    made = node[0]
    for other in node.given[1:]:
        made = b.binary(op, made, other)
    if len(node.given) == 1:
        made = b.unary("Identity", made)
    return made


@converts("CumSum", since=(11, 14))
def cum_sum(node: Op, b: Builder) -> Value:
    """Running sums along an axis."""
    return _running(node, "Cumsum", b)


@converts("CumProd", since=26)
def cum_prod(node: Op, b: Builder) -> Value:
    """Running products along an axis."""
    return _running(node, "Cumprod", b)


def _running(node: Op, op: str, b: Builder) -> Value:
    axis = node.ints(1)[0] % max(node[0].rank, 1)
    flags = {name: bool(node.integer(name, 0)) for name in ("exclusive", "reverse")}
    return b.emit(op, [node[0], b.constant(axis)], node[0].shape, node[0].dtype, **flags)
