"""Finds the inputs and outputs of an ONNX graph that are NCHW images."""

from collections.abc import Iterable

import onnx

_MAKES = frozenset(
    {
        "AveragePool",
        "BatchNormalization",
        "Conv",
        "ConvTranspose",
        "DepthToSpace",
        "GlobalAveragePool",
        "GlobalMaxPool",
        "InstanceNormalization",
        "LRN",
        "MaxPool",
        "QLinearConv",
        "Resize",
        "SpaceToDepth",
        "Upsample",
    }
)
"""Operators whose first input and output are images, if they have four axes."""

_KEEPS = frozenset(
    {
        "Abs",
        "Add",
        "Cast",
        "Clip",
        "Concat",
        "DequantizeLinear",
        "Div",
        "Dropout",
        "Elu",
        "Exp",
        "HardSigmoid",
        "HardSwish",
        "Identity",
        "LeakyRelu",
        "LogSoftmax",
        "Max",
        "Min",
        "Mul",
        "PRelu",
        "Pad",
        "QuantizeLinear",
        "Relu",
        "Sigmoid",
        "Slice",
        "Softmax",
        "Softplus",
        "Sub",
        "Tanh",
    }
)
"""Operators whose output is an image if and only if their inputs are."""


def images(graph: onnx.GraphProto) -> frozenset[str]:
    """Return the names of the inputs and outputs that are images.

    The property is propagated in both directions from convolutions and similar operators, through
    operators that keep the order of axes; a Transpose ends it.
    """
    found = set[str]()
    for node in graph.node:
        if node.op_type in _MAKES:
            found.update((node.input[0], node.output[0]))
    steps = [_ports(node) for node in graph.node if node.op_type in _KEEPS]
    size = -1
    while len(found) != size:
        size = len(found)
        for names in (*steps, *reversed(steps)):
            if not found.isdisjoint(names):
                found.update(names)
    ends = (*graph.input, *graph.output)
    return frozenset(each.name for each in ends if each.name in found and _axes(each) == 4)


def _ports(node: onnx.NodeProto) -> tuple[str, ...]:
    """Return the inputs and the output that are images together."""
    return tuple(each for each in (*_operands(node), node.output[0]) if each)


def _operands(node: onnx.NodeProto) -> Iterable[str]:
    single = {"Clip", "Slice", "Pad", "Dropout", "QuantizeLinear", "DequantizeLinear", "PRelu"}
    return list(node.input[:1] if node.op_type in single else node.input)


def _axes(value: onnx.ValueInfoProto) -> int:
    return len(value.type.tensor_type.shape.dim)
