"""Normalization layers."""

import numpy as np

from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.graph import TO_NCHW, TO_NHWC
from converter.readers.onnx.op import Op
from converter.readers.onnx.registry import converts


@converts("BatchNormalization", since=(9, 14, 15))
def batch_normalization(node: Op, b: Builder) -> Value:
    """A scale and a shift for each channel."""
    if node.integer("training_mode", 0) or len(node.results) > 1:
        raise Refused("it is in training mode", "export the model for inference")
    scale, shift, mean, variance = (node[i] for i in range(1, 5))
    epsilon = node.number("epsilon", 1e-5)
    shape = (scale.size, *(1,) * (node[0].rank - 2))
    arrays = [v.array for v in (scale, shift, mean, variance)]
    if all(each is not None for each in arrays):
        s, t, m, v = (np.asarray(each, np.float64) for each in arrays)
        factor = s / np.sqrt(v + epsilon)
        factors = b.constant(factor.astype(np.float32).reshape(shape))
        offsets = b.constant((t - m * factor).astype(np.float32).reshape(shape))
    else:
        computed = b.div(scale, b.unary("Sqrt", b.add(variance, epsilon)))
        factors = b.reshape(computed, shape)
        offsets = b.reshape(b.sub(shift, b.mul(mean, computed)), shape)
    return b.add(b.mul(node[0], factors), offsets)


def _normalized(
    b: Builder, x: Value, axes: list[int], epsilon: float
) -> tuple[Value, Value, Value]:
    """Return ``x`` with mean 0 and variance 1, the mean, and the inverse standard deviation."""
    mean = b.reduce("Mean", x, axes)
    centred = b.sub(x, mean)
    variance = b.reduce("Mean", b.unary("Square", centred), axes)
    inverse = b.unary("Rsqrt", b.add(variance, epsilon))
    return b.mul(centred, inverse), mean, inverse


@converts("InstanceNormalization", since=(6, 22))
def instance_normalization(node: Op, b: Builder) -> Value:
    """Normalize each channel of each image."""
    x = node[0]
    shape = (node[1].size, *(1,) * (x.rank - 2))
    made, _, _ = _normalized(b, x, [*range(2, x.rank)], node.number("epsilon", 1e-5))
    return b.add(b.mul(made, b.reshape(node[1], shape)), b.reshape(node[2], shape))


@converts("LayerNormalization", since=17)
def layer_normalization(node: Op, b: Builder) -> list[Value]:
    """Normalize over all axes from ``axis`` on; Ba, Kiros and Hinton, 2016."""
    x = node[0]
    axes = [*range(node.axis(-1), x.rank)]
    made, mean, inverse = _normalized(b, x, axes, node.number("epsilon", 1e-5))
    made = b.mul(made, node[1])
    if node.get(2) is not None:
        made = b.add(made, node[2])
    return [made, mean, inverse]


@converts("LRN", since=(1, 13))
def lrn(node: Op, b: Builder) -> Value:
    """Local response normalization over channels; TF.js takes the radius of the window."""
    size = node.integer("size", 1)
    if size % 2 == 0 or node[0].rank != 4:
        raise Refused(f"a window of {size} channels", "use an odd number")
    image = b.transpose(node[0], TO_NHWC)
    made = b.unary(
        "LRN",
        image,
        depth_radius=(size - 1) // 2,
        bias=node.number("bias", 1.0),
        alpha=node.number("alpha", 1e-4) / size,
        beta=node.number("beta", 0.75),
    )
    return b.transpose(made, TO_NCHW)


@converts("LpNormalization", since=(1, 22))
def lp_normalization(node: Op, b: Builder) -> Value:
    """Divide by the norm along an axis; vectors of zeros are unchanged."""
    x, axis = node[0], node.axis(-1)
    if node.integer("p", 2) == 1:
        norm = b.reduce("Sum", b.unary("Abs", x), [axis])
    else:
        norm = b.unary("Sqrt", b.reduce("Sum", b.unary("Square", x), [axis]))
    empty = b.binary("Equal", norm, 0.0, "bool")
    return b.div(x, b.where(empty, 1.0, norm))


@converts("MeanVarianceNormalization", since=(9, 13))
def mean_variance_normalization(node: Op, b: Builder) -> Value:
    """Normalize to mean 0 and standard deviation 1."""
    made, _, _ = _normalized(b, node[0], [int(a) for a in node.numbers("axes", [0, 2, 3])], 1e-9)
    return made
