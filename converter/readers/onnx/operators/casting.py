"""Conversions of dtype, and operators that return their input."""

import numpy as np

from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.readers.onnx.op import Op
from converter.readers.onnx.operators.bits import wrapped
from converter.readers.onnx.registry import converts


@converts("Identity", since=(1, 13, 14, 16, 19, 21, 23, 24, 25))
def identity(node: Op, b: Builder) -> Value:
    """``x``."""
    return b.unary("Identity", node[0])


@converts("Dropout", since=(7, 10, 12, 13, 22))
def dropout(node: Op, b: Builder) -> list[Value]:
    """``x`` and a mask of ones: dropout is inactive at inference."""
    training = node.get(2)
    if (
        training is not None
        and bool(node.constant(2))
        and (node.get(1) is None or float(node.constant(1)) > 0)
    ):
        raise Refused("it drops at random, as in training", "export the model for inference")
    mask = b.constant(np.ones(node[0].shape, np.bool_))
    return [b.unary("Identity", node[0]), mask]


@converts("Cast", since=(9, 13, 19, 21, 23, 24, 25, 28))
def cast(node: Op, b: Builder) -> Value:
    """To the dtype of attribute ``to``."""
    return _cast(node, b)


@converts("CastLike", since=(15, 19, 21, 23, 24, 25))
def cast_like(node: Op, b: Builder) -> Value:
    """To the dtype of the second input."""
    return _cast(node, b)


def _cast(node: Op, b: Builder) -> Value:
    kind, source = node.result.kind, node.kinds[0]
    if node[0].dtype == node.result.dtype and kind in {source, "float32", "float64", "int64"}:
        return b.unary("Identity", node[0])
    if kind in {"float16", "bfloat16"}:  # computed in float32, without their rounding
        same = node[0].dtype == "float32"
        return b.unary("Identity", node[0]) if same else b.cast(node[0], "float32")
    return wrapped(b, b.cast(node[0], node.result.dtype), kind)
