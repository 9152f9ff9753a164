"""Narrow integers and bitwise operators, on TF.js's int32."""

import numpy as np

from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.readers.onnx.op import Op
from converter.readers.onnx.registry import converts

_BITS = {"int8": 8, "uint8": 8, "int16": 16, "uint16": 16}


def wrapped(b: Builder, x: Value, kind: str) -> Value:
    """Return integers wrapped into the range of an ONNX dtype of 8 or 16 bits; others unchanged."""
    bits = _BITS.get(kind)
    if bits is None or x.array is not None:
        return x
    if kind.startswith("u"):
        return b.binary("FloorMod", x, 1 << bits)
    half = 1 << (bits - 1)
    return b.sub(b.binary("FloorMod", b.add(x, half), 1 << bits), half)


_POWERS = np.array([1 << bit for bit in range(31)], np.int32)


def _bits(b: Builder, x: Value) -> Value:
    """Return the lower 31 bits of two's complement: ``(..., 31)``."""
    return b.binary(
        "FloorMod", b.binary("FloorDiv", b.reshape(x, (*x.shape, 1)), b.constant(_POWERS)), 2
    )


def _both(b: Builder, x: Value, y: Value) -> Value:
    """Return ``x & y``; graph models have no operation for it."""
    common = b.mul(b.mul(_bits(b, x), _bits(b, y)), b.constant(_POWERS))
    total = b.reduce("Sum", common, [common.rank - 1], keep=False)
    negative = b.binary(
        "LogicalAnd", b.binary("Less", x, 0, "bool"), b.binary("Less", y, 0, "bool")
    )
    lowest = b.constant(np.int32(-(2**31)))
    return b.where(negative, b.add(total, lowest), total)


@converts("BitwiseAnd", since=18)
def bitwise_and(node: Op, b: Builder) -> Value:
    """``a & b``."""
    return _both(b, node[0], node[1])


@converts("BitwiseOr", since=18)
def bitwise_or(node: Op, b: Builder) -> Value:
    """``a | b == a + b - (a & b)``."""
    return b.sub(b.add(node[0], node[1]), _both(b, node[0], node[1]))


@converts("BitwiseXor", since=18)
def bitwise_xor(node: Op, b: Builder) -> Value:
    """``a ^ b == a + b - 2 * (a & b)``."""
    both = _both(b, node[0], node[1])
    return b.sub(b.add(node[0], node[1]), b.add(both, both))


@converts("BitwiseNot", since=18)
def bitwise_not(node: Op, b: Builder) -> Value:
    """``~x``: ``-1 - x``, or the dtype's maximum minus ``x`` for unsigned integers."""
    kind = node.kinds[0]
    if kind in {"uint32", "uint64"}:
        raise Refused(f"the bits of {kind} do not fit int32", "use int32")
    top = (1 << _BITS[kind]) - 1 if kind.startswith("u") else -1
    return b.sub(b.constant(top), node[0])


@converts("BitShift", since=(11, 28))
def bit_shift(node: Op, b: Builder) -> Value:
    """``x << y`` or ``x >> y``, as multiplication or division by a power of two."""
    kind = node.kinds[0]
    factor = b.cast(b.unary("Round", b.binary("Pow", 2.0, b.cast(node[1], "float32"))), "int32")
    if node.text("direction", "LEFT") == "RIGHT":
        return _shifted_right(b, node[0], node[1], factor)
    return wrapped(b, b.mul(node[0], factor), kind)


def _shifted_right(b: Builder, x: Value, by: Value, factor: Value) -> Value:
    """Return ``x >> by``; shifts of 31 bits and more leave the sign."""
    gone = b.binary(
        "LogicalOr", b.binary("Less", by, 0, "bool"), b.binary("Greater", by, 30, "bool")
    )
    sign = b.where(b.binary("Less", x, 0, "bool"), b.constant(-1), 0)
    return b.where(gone, sign, b.binary("FloorDiv", x, b.where(gone, 1, factor)))
