"""Activation functions."""

import numpy as np

from converter.emit.axes import to_last
from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.readers.onnx.op import Op
from converter.readers.onnx.registry import converts


@converts("Relu", since=(6, 13, 14))
def relu(node: Op, b: Builder) -> Value:
    """``max(x, 0)``."""
    return b.unary("Relu", node[0])


@converts("Sigmoid", since=(6, 13))
def sigmoid(node: Op, b: Builder) -> Value:
    """``1 / (1 + exp(-x))``."""
    return b.unary("Sigmoid", node[0])


@converts("Tanh", since=(6, 13))
def tanh(node: Op, b: Builder) -> Value:
    """``tanh(x)``."""
    return b.unary("Tanh", node[0])


@converts("Softplus", since=(1, 22))
def softplus(node: Op, b: Builder) -> Value:
    """``log(1 + exp(x))``."""
    return b.unary("Softplus", node[0])


@converts("LeakyRelu", since=(6, 16))
def leaky_relu(node: Op, b: Builder) -> Value:
    """``x < 0 ? alpha * x : x``."""
    return b.unary("LeakyRelu", node[0], alpha=node.number("alpha", 0.01))


@converts("Elu", since=(6, 22))
def elu(node: Op, b: Builder) -> Value:
    """``x < 0 ? alpha * (exp(x) - 1) : x``; TF.js has it with an alpha of 1."""
    alpha = node.number("alpha", 1.0)
    if alpha == 1:
        return b.unary("Elu", node[0])
    return b.add(b.unary("Relu", node[0]), b.mul(_negative_elu(node[0], b), alpha))


def _negative_elu(x: Value, b: Builder) -> Value:
    """Return ``min(0, exp(x) - 1)``."""
    return b.unary("Elu", b.binary("Minimum", x, 0.0))


@converts("Selu", since=(6, 22))
def selu(node: Op, b: Builder) -> Value:
    """``gamma * elu(x, alpha)``; the defaults are those of Klambauer et al., 2017."""
    alpha, gamma = node.number("alpha", 1.6732632), node.number("gamma", 1.0507010)
    positive, negative = b.unary("Relu", node[0]), b.mul(_negative_elu(node[0], b), alpha)
    return b.mul(b.add(positive, negative), gamma)


@converts("Celu", since=(12, 28))
def celu(node: Op, b: Builder) -> Value:
    """``max(0, x) + min(0, alpha * (exp(x / alpha) - 1))``."""
    alpha = node.number("alpha", 1.0)
    negative = b.mul(_negative_elu(b.mul(node[0], 1 / alpha), b), alpha)
    return b.add(b.unary("Relu", node[0]), negative)


@converts("PRelu", since=(9, 16))
def prelu(node: Op, b: Builder) -> Value:
    """``x < 0 ? slope * x : x``."""
    return b.emit("Prelu", [node[0], node[1]], node[0].shape, node[0].dtype)


@converts("Clip", since=(6, 11, 12, 13))
def clip(node: Op, b: Builder) -> Value:
    """``min(max(x, low), high)``; the bounds are attributes before version 11, inputs since."""
    if node.version < 11:
        return clamp(
            b, node[0], _bound(node.attributes.get("min"), b), _bound(node.attributes.get("max"), b)
        )
    return clamp(b, node[0], node.get(1), node.get(2))


def _bound(value: float | None, b: Builder) -> Value | None:
    return None if value is None else b.constant(np.float32(value))


def clamp(b: Builder, x: Value, low: Value | None, high: Value | None) -> Value:
    """Return ``min(max(x, low), high)``, as Relu or Relu6 where these are the bounds."""
    bounds = [None if v is None or v.array is None else float(v.array) for v in (low, high)]
    if x.dtype == "float32" and low is not None and bounds[0] == 0:
        if bounds[1] == 6:
            return b.unary("Relu6", x)
        if high is None or (bounds[1] or 0) >= np.finfo(np.float32).max:
            return b.unary("Relu", x)
    if low is not None:
        x = b.binary("Maximum", x, _finite(low, b))
    return x if high is None else b.binary("Minimum", x, _finite(high, b))


def _finite(bound: Value, b: Builder) -> Value:
    """Return a constant bound within the range of float32 or int32."""
    if bound.array is None:
        return bound
    limits = np.finfo(np.float32) if bound.dtype == "float32" else np.iinfo(np.int32)
    return b.constant(np.clip(bound.array, limits.min, limits.max).astype(bound.dtype))


@converts("HardSigmoid", since=(6, 22))
def hard_sigmoid(node: Op, b: Builder) -> Value:
    """``max(0, min(1, alpha * x + beta))``."""
    return _hard_sigmoid(b, node[0], node.number("alpha", 0.2), node.number("beta", 0.5))


def _hard_sigmoid(b: Builder, x: Value, alpha: float, beta: float) -> Value:
    if abs(alpha * 6 - 1) < 1e-6:  # this is Relu6, which TF.js fuses
        return b.mul(b.unary("Relu6", b.add(x, 6 * beta)), alpha)
    line = b.add(b.mul(x, alpha), beta)
    return b.binary("Minimum", b.unary("Relu", line), 1.0)


@converts("HardSwish", since=(14, 22))
def hard_swish(node: Op, b: Builder) -> Value:
    """``x * relu6(x + 3) / 6``; Howard et al., 2019."""
    return b.mul(node[0], _hard_sigmoid(b, node[0], 1 / 6, 0.5))


@converts("Gelu", since=20)
def gelu(node: Op, b: Builder) -> Value:
    """``x * Phi(x)``, exact or approximated with tanh; Hendrycks and Gimpel, 2016."""
    x = node[0]
    if node.text("approximate", "none") == "tanh":
        inner = b.mul(b.add(x, b.mul(b.mul(b.mul(x, x), x), 0.044715)), float(np.sqrt(2 / np.pi)))
        curve = b.unary("Tanh", inner)
    else:
        curve = b.unary("Erf", b.mul(x, float(np.sqrt(0.5))))
    return b.mul(b.mul(x, 0.5), b.add(curve, 1.0))


@converts("Swish", since=24)
def swish(node: Op, b: Builder) -> Value:
    """``x * sigmoid(alpha * x)``."""
    alpha = node.number("alpha", 1.0)
    inner = node[0] if alpha == 1 else b.mul(node[0], alpha)
    return b.mul(node[0], b.unary("Sigmoid", inner))


@converts("Mish", since=(18, 22))
def mish(node: Op, b: Builder) -> Value:
    """``x * tanh(softplus(x))``; Misra, 2019."""
    return b.mul(node[0], b.unary("Tanh", b.unary("Softplus", node[0])))


@converts("Softsign", since=(1, 22))
def softsign(node: Op, b: Builder) -> Value:
    """``x / (1 + abs(x))``."""
    return b.div(node[0], b.add(b.unary("Abs", node[0]), 1.0))


@converts("ThresholdedRelu", since=(10, 22))
def thresholded_relu(node: Op, b: Builder) -> Value:
    """``x > alpha ? x : 0``."""
    above = b.binary("Greater", node[0], node.number("alpha", 1.0), "bool")
    return b.where(above, node[0], 0.0)


@converts("Shrink", since=9)
def shrink(node: Op, b: Builder) -> Value:
    """``x < -lambd ? x + bias : x > lambd ? x - bias : 0``."""
    if node.kinds[0] not in {"float32", "float16", "float64"}:
        raise Refused("TF.js shrinks floats alone", "cast to float32 first")
    x, edge, bias = node[0], node.number("lambd", 0.5), node.number("bias", 0.0)
    low = b.where(b.binary("Less", x, -edge, "bool"), b.add(x, bias), 0.0)
    return b.where(b.binary("Greater", x, edge, "bool"), b.sub(x, bias), low)


def _as_matrix(b: Builder, x: Value, axis: int) -> Value:
    """Return ``(rows, columns)``: versions before 13 take all axes from one on as a single one."""
    rows = int(np.prod(x.shape[:axis], dtype=int))
    return b.reshape(x, (rows, x.size // rows))


def _softmax_axis(node: Op, op: str, b: Builder) -> Value:
    """Apply one of TF.js's softmax operations, which work on the last axis."""
    x = node[0]
    if node.version < 13:
        return b.reshape(b.unary(op, _as_matrix(b, x, node.axis(1))), x.shape)
    order, back = to_last(x.rank, node.axis(-1))
    return b.transpose(b.unary(op, b.transpose(x, order)), back)


@converts("Softmax", since=(1, 11, 13))
def softmax(node: Op, b: Builder) -> Value:
    """``exp(x) / sum(exp(x))`` along an axis."""
    return _softmax_axis(node, "Softmax", b)


@converts("LogSoftmax", since=(1, 11, 13))
def log_softmax(node: Op, b: Builder) -> Value:
    """``x - log(sum(exp(x)))`` along an axis."""
    return _softmax_axis(node, "LogSoftmax", b)


@converts("Hardmax", since=(1, 11, 13))
def hardmax(node: Op, b: Builder) -> Value:
    """1 at the first maximum along an axis, 0 elsewhere."""
    x = node[0]
    flat = node.version < 13
    axis = node.axis(1 if flat else -1)
    work, axis = (_as_matrix(b, x, axis), 1) if flat else (x, axis)
    reduced = [side for i, side in enumerate(work.shape) if i != axis]
    best = b.emit("ArgMax", [work, b.constant(axis)], reduced, "int32")
    kept = b.reshape(best, [1 if i == axis else side for i, side in enumerate(work.shape)])
    indices = np.arange(work.shape[axis], dtype=np.int32)
    along = b.constant(indices.reshape([-1 if i == axis else 1 for i in range(work.rank)]))
    return b.reshape(b.cast(b.binary("Equal", kept, along, "bool"), "float32"), x.shape)
