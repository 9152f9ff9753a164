"""Arithmetic on numbers and bits, element by element.

Integers are int32 in TF.js. Those of ONNX with 8 and 16 bits wrap around where ONNX's do.
"""

import numpy as np

from converter.ops.builder import Builder
from converter.ops.registry import Converter, converts
from converter.ops.values import Op, Refused, Value

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
"""Operators that TF.js has under the name beside them."""

_BITS = {"int8": 8, "uint8": 8, "int16": 16, "uint16": 16}


def wrapped(b: Builder, x: Value, kind: str) -> Value:
    """Return integers wrapped around as a narrow type of ONNX does."""
    bits = _BITS.get(kind)
    if bits is None or x.array is not None:
        return x
    if kind.startswith("u"):
        return b.binary("FloorMod", x, 1 << bits)
    half = 1 << (bits - 1)
    return b.sub(b.binary("FloorMod", b.add(x, half), 1 << bits), half)


def _unary(op: str) -> Converter:
    def convert(node: Op, b: Builder) -> Value:
        return b.unary(op, node[0])

    return convert


for _name, (_op, _versions) in _UNARY.items():
    converts(_name, *_versions)(_unary(_op))


def _binary(op: str) -> Converter:
    def convert(node: Op, b: Builder) -> Value:
        return wrapped(b, b.binary(op, node[0], node[1]), node.kinds[0])

    return convert


for _name, _op in (("Add", "AddV2"), ("Sub", "Sub"), ("Mul", "Mul")):
    converts(_name, 7, 13, 14)(_binary(_op))


@converts("Div", 7, 13, 14)
def div(node: Op, b: Builder) -> Value:
    """Integers are cut off towards zero, as C does."""
    if node[0].dtype == "float32":
        return b.div(node[0], node[1])
    if node.kinds[0].startswith("u"):
        return b.binary("FloorDiv", node[0], node[1])
    signs = b.mul(b.unary("Sign", node[0]), b.unary("Sign", node[1]))
    sizes = b.binary("FloorDiv", b.unary("Abs", node[0]), b.unary("Abs", node[1]))
    return wrapped(b, b.mul(signs, sizes), node.kinds[0])


@converts("Mod", 10, 13, 28)
def mod(node: Op, b: Builder) -> Value:
    """The sign is the divisor's, or with ``fmod`` the dividend's."""
    if not node.integer("fmod", 0):
        made = b.binary("FloorMod", node[0], node[1])
        return made if node[0].dtype == "int32" else _by_infinity(b, node[0], node[1], made)
    sizes = b.binary("FloorMod", b.unary("Abs", node[0]), b.unary("Abs", node[1]))
    return b.mul(b.unary("Sign", node[0]), sizes)


def _by_infinity(b: Builder, x: Value, y: Value, made: Value) -> Value:
    """Return ``x``, or ``y`` if the signs differ, where what is finite is divided by infinity."""
    most = float(np.finfo(np.float32).max)
    endless = b.binary("Greater", b.unary("Abs", y), most, "bool")
    finite = b.binary("LessEqual", b.unary("Abs", x), most, "bool")
    apart = b.binary("Less", b.mul(b.unary("Sign", x), b.unary("Sign", y)), 0.0, "bool")
    return b.where(b.binary("LogicalAnd", endless, finite), b.where(apart, y, x), made)


@converts("Pow", 7, 12, 13, 15)
def pow_(node: Op, b: Builder) -> Value:
    """The result has the base's type."""
    base, exponent = node[0], node[1]
    if exponent.array is not None and exponent.size == 1 and base.dtype == "float32":
        power = float(exponent.array.reshape(-1)[0])
        if power in {2.0, 0.5} and exponent.rank <= base.rank:
            return b.unary("Square" if power == 2 else "Sqrt", base)
    floats = b.binary("Pow", b.cast(base, "float32"), b.cast(exponent, "float32"))
    if base.dtype == "float32":
        return floats
    return b.cast(b.unary("Round", floats), base.dtype)


@converts("Max", 8, 12, 13)
def max_(node: Op, b: Builder) -> Value:
    """The largest of any number of operands."""
    return _joined(node, "Maximum", b)


@converts("Min", 8, 12, 13)
def min_(node: Op, b: Builder) -> Value:
    """The smallest of any number of operands."""
    return _joined(node, "Minimum", b)


@converts("Sum", 8, 13)
def sum_(node: Op, b: Builder) -> Value:
    """The sum of any number of operands."""
    return _joined(node, "AddV2", b)


@converts("Mean", 8, 13)
def mean(node: Op, b: Builder) -> Value:
    """The mean of any number of operands."""
    return b.mul(_joined(node, "AddV2", b), 1 / len(node.given))


def _joined(node: Op, op: str, b: Builder) -> Value:
    made = node[0]
    for other in node.given[1:]:
        made = b.binary(op, made, other)
    if len(node.given) == 1:
        made = b.unary("Identity", made)
    return made


_POWERS = np.array([1 << bit for bit in range(31)], np.int32)


def _bits(b: Builder, x: Value) -> Value:
    """Return the lower 31 bits of integers, along a last axis; those of two's complement."""
    return b.binary(
        "FloorMod", b.binary("FloorDiv", b.reshape(x, (*x.shape, 1)), b.constant(_POWERS)), 2
    )


def _both(b: Builder, x: Value, y: Value) -> Value:
    """Return the bits that both integers have; TF.js's own operation cannot be reached."""
    common = b.mul(b.mul(_bits(b, x), _bits(b, y)), b.constant(_POWERS))
    total = b.reduce("Sum", common, [common.rank - 1], keep=False)
    negative = b.binary(
        "LogicalAnd", b.binary("Less", x, 0, "bool"), b.binary("Less", y, 0, "bool")
    )
    lowest = b.constant(np.int32(-(2**31)))
    return b.where(negative, b.add(total, lowest), total)


@converts("BitwiseAnd", 18)
def bitwise_and(node: Op, b: Builder) -> Value:
    """The bits that both have."""
    return _both(b, node[0], node[1])


@converts("BitwiseOr", 18)
def bitwise_or(node: Op, b: Builder) -> Value:
    """``a + b - (a & b)``."""
    return b.sub(b.add(node[0], node[1]), _both(b, node[0], node[1]))


@converts("BitwiseXor", 18)
def bitwise_xor(node: Op, b: Builder) -> Value:
    """``a + b - 2 * (a & b)``."""
    both = _both(b, node[0], node[1])
    return b.sub(b.add(node[0], node[1]), b.add(both, both))


@converts("BitwiseNot", 18)
def bitwise_not(node: Op, b: Builder) -> Value:
    """``-1 - x``, or the largest number less ``x`` where there is no sign."""
    kind = node.kinds[0]
    if kind in {"uint32", "uint64"}:
        raise Refused(f"the bits of {kind} do not fit int32", "use int32")
    top = (1 << _BITS[kind]) - 1 if kind.startswith("u") else -1
    return b.sub(b.constant(top), node[0])


@converts("BitShift", 11, 28)
def bit_shift(node: Op, b: Builder) -> Value:
    """Multiply or divide by a power of two."""
    kind = node.kinds[0]
    factor = b.cast(b.unary("Round", b.binary("Pow", 2.0, b.cast(node[1], "float32"))), "int32")
    if node.text("direction", "LEFT") == "RIGHT":
        return _shifted_right(b, node[0], node[1], factor)
    return wrapped(b, b.mul(node[0], factor), kind)


def _shifted_right(b: Builder, x: Value, by: Value, factor: Value) -> Value:
    """Keep the sign alone where all other bits go."""
    gone = b.binary(
        "LogicalOr", b.binary("Less", by, 0, "bool"), b.binary("Greater", by, 30, "bool")
    )
    sign = b.where(b.binary("Less", x, 0, "bool"), b.constant(-1), 0)
    return b.where(gone, sign, b.binary("FloorDiv", x, b.where(gone, 1, factor)))


@converts("CumSum", 11, 14)
def cum_sum(node: Op, b: Builder) -> Value:
    """Running sums along an axis."""
    return _running(node, "Cumsum", b)


@converts("CumProd", 26)
def cum_prod(node: Op, b: Builder) -> Value:
    """Running products along an axis."""
    return _running(node, "Cumprod", b)


def _running(node: Op, op: str, b: Builder) -> Value:
    axis = node.ints(1)[0] % max(node[0].rank, 1)
    flags = {name: bool(node.integer(name, 0)) for name in ("exclusive", "reverse")}
    return b.emit(op, [node[0], b.constant(axis)], node[0].shape, node[0].dtype, **flags)


@converts("Det", 11, 22)
def det(node: Op, b: Builder) -> Value:
    """Determinants, by Laplace's expansion; of matrices up to 4 by 4."""
    side = node[0].shape[-1]
    if side > 4:
        raise Refused(f"a determinant of {side} by {side}", "compute it in Python")
    cells = {
        (row, column): _cell(b, node[0], row, column)
        for row in range(side)
        for column in range(side)
    }
    return b.reshape(_minor(b, cells, 0, tuple(range(side))), node.result.shape)


def _cell(b: Builder, x: Value, row: int, column: int) -> Value:
    return b.cut(b.cut(x, x.rank - 2, row, 1), x.rank - 1, column, 1)


def _minor(
    b: Builder, cells: dict[tuple[int, int], Value], row: int, columns: tuple[int, ...]
) -> Value:
    if len(columns) == 1:
        return cells[row, columns[0]]
    total: Value | None = None
    for index, column in enumerate(columns):
        rest = _minor(b, cells, row + 1, columns[:index] + columns[index + 1 :])
        term = b.mul(cells[row, column], rest)
        op = "Sub" if index % 2 else "AddV2"
        total = term if total is None else b.binary(op, total, term)
    if total is None:
        raise Refused("a matrix without columns", "leave the node out")
    return total


@converts("Identity", 1, 13, 14, 16, 19, 21, 23, 24, 25)
def identity(node: Op, b: Builder) -> Value:
    """The same again."""
    return b.unary("Identity", node[0])


@converts("Dropout", 7, 10, 12, 13, 22)
def dropout(node: Op, b: Builder) -> list[Value]:
    """Nothing is dropped unless a model is trained."""
    training = node.get(2)
    if (
        training is not None
        and bool(node.constant(2))
        and (node.get(1) is None or float(node.constant(1)) > 0)
    ):
        raise Refused("it drops at random, as in training", "export the model for inference")
    mask = b.constant(np.ones(node[0].shape, np.bool_))
    return [b.unary("Identity", node[0]), mask]


@converts("Cast", 9, 13, 19, 21, 23, 24, 25, 28)
def cast(node: Op, b: Builder) -> Value:
    """Between the types that TF.js has."""
    return _cast(node, b)


@converts("CastLike", 15, 19, 21, 23, 24, 25)
def cast_like(node: Op, b: Builder) -> Value:
    """To the type of the second input."""
    return _cast(node, b)


def _cast(node: Op, b: Builder) -> Value:
    kind, source = node.result.kind, node.kinds[0]
    if node[0].dtype == node.result.dtype and kind in {source, "float32", "float64", "int64"}:
        return b.unary("Identity", node[0])
    if kind in {"float16", "bfloat16"}:  # TF.js keeps what they would round off
        return (
            b.cast(node[0], "float32")
            if node[0].dtype != "float32"
            else b.unary("Identity", node[0])
        )
    return wrapped(b, b.cast(node[0], node.result.dtype), kind)
