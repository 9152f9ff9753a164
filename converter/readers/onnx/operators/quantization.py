"""Quantized tensors, as int32; TF.js has no 8-bit types, so they are computed in float32."""

import numpy as np

from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.readers.onnx.op import Op
from converter.readers.onnx.operators.convolution import convolution, shifted
from converter.readers.onnx.operators.matmul import product
from converter.readers.onnx.registry import converts

_VERSIONS = (10, 13, 19, 21, 23, 24, 25, 28)


def _along(node: Op, b: Builder, index: int) -> Value:
    """Return a scale or zero point as float32, shaped to broadcast with the first input."""
    x, value = node[0], b.cast(node[index], "float32")
    if value.size == 1:
        return b.reshape(value, ())
    block = node.integer("block_size", 0)
    axis = node.axis(1)
    if block:
        if x.shape[axis] != value.shape[axis] * block:
            raise Refused(f"blocks of {block}", "use blocks that fill the axis")
        wide = b.reshape(value, (*value.shape[: axis + 1], 1, *value.shape[axis + 1 :]))
        times = [block if i == axis + 1 else 1 for i in range(wide.rank)]
        return b.reshape(b.tile(wide, times), x.shape)
    return b.reshape(value, [value.size if i == axis else 1 for i in range(x.rank)])


def rounded(b: Builder, x: Value, zero: Value | None, kind: str) -> Value:
    """Return ``round(x) + zero``, clipped to the range of an ONNX dtype, as int32."""
    if kind not in {"int8", "uint8", "int16", "uint16"}:
        raise Refused(f"quantized to {kind}", "quantize to int8 or uint8")
    limits = np.iinfo(kind)
    made = b.unary("Round", x)
    if zero is not None:
        made = b.add(made, zero)
    made = b.binary("Minimum", b.binary("Maximum", made, float(limits.min)), float(limits.max))
    return b.cast(made, "int32")


@converts("QuantizeLinear", since=_VERSIONS)
def quantize(node: Op, b: Builder) -> Value:
    """``round(x / scale) + zero``, clipped to the range of the dtype."""
    zero = _along(node, b, 2) if node.get(2) is not None else None
    scaled = b.div(b.cast(node[0], "float32"), _along(node, b, 1))
    return rounded(b, scaled, zero, node.result.kind)


@converts("DequantizeLinear", since=_VERSIONS)
def dequantize(node: Op, b: Builder) -> Value:
    """``(x - zero) * scale``."""
    x = b.cast(node[0], "float32")
    if node.get(2) is not None:
        x = b.sub(x, _along(node, b, 2))
    return b.mul(x, _along(node, b, 1))


@converts("MatMulInteger", since=10)
def matmul_integer(node: Op, b: Builder) -> Value:
    """Multiply integers in float32, which is exact for sums up to 2 ** 24."""
    return b.cast(product(b, shifted(b, node, 0, 2), shifted(b, node, 1, 3)), "int32")


def _less_zero(b: Builder, node: Op, index: int) -> Value:
    x, zero = (b.cast(node[i], "float32") for i in (index, index + 2))
    return b.sub(x, b.reshape(zero, ()) if zero.size == 1 else zero)


@converts("QLinearMatMul", since=(10, 21))
def qlinear_matmul(node: Op, b: Builder) -> Value:
    """Product of quantized matrices."""
    made = product(b, _less_zero(b, node, 0), _less_zero(b, node, 3))
    scale = b.div(b.mul(b.cast(node[1], "float32"), b.cast(node[4], "float32")), node[6])
    return b.reshape(
        rounded(b, b.mul(made, scale), b.cast(node[7], "float32"), node.result.kind),
        node.result.shape,
    )


@converts("QLinearConv", since=10)
def qlinear_conv(node: Op, b: Builder) -> Value:
    """Convolution of quantized images."""
    zero = b.cast(node[5], "float32")
    side = (zero.size, 1, 1, 1) if zero.size > 1 else ()
    weights = b.sub(b.cast(node[3], "float32"), b.reshape(zero, side))
    made = convolution(node, b, _less_zero(b, node, 0), weights)
    shape = (node[3].shape[0], 1, 1)
    if node.get(8) is not None:
        made = b.add(made, b.reshape(b.cast(node[8], "float32"), shape))
    scale = b.div(b.mul(node[1], node[4]), node[6])
    scale = b.reshape(scale, shape if scale.size > 1 else ())
    return rounded(
        b, b.mul(made, scale), b.reshape(b.cast(node[7], "float32"), ()), node.result.kind
    )
