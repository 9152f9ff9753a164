"""Constant folding, with ONNX's reference implementation."""

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import TypeProto, helper
from onnx.reference import ReferenceEvaluator

from converter.readers.onnx.slots import Slot, constant, opsets

_FOLDED_AT_MOST = 1 << 26
"""Maximum number of elements of a folded constant."""

_RANDOM = frozenset(
    {"RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli"}
    | {"Multinomial"}
)


def folded(
    node: onnx.NodeProto,
    slots: Mapping[str, Slot],
    versions: Mapping[str, int],
    inferred: Mapping[str, TypeProto],
) -> Mapping[str, Slot] | None:
    """Return the outputs of a node whose inputs are constants, or that reads a shape; else None.

    Args:
        node: The node.
        slots: The tensors so far, by name.
        versions: Operator set version by domain.
        inferred: Types of its outputs, by name.
    """
    values = {name: slots[name].value for name in node.input if name}
    if node.op_type in {"Shape", "Size"} and not node.domain:
        feeds = {name: np.empty(value.shape, np.bool_) for name, value in values.items() if value}
    else:
        feeds = {
            name: value.array
            for name, value in values.items()
            if value is not None and value.array is not None
        }
        largest = max(map(_elements, inferred.values()), default=0)
        if node.op_type in _RANDOM or len(feeds) < len(values) or largest > _FOLDED_AT_MOST:
            return None
    model = _single(node, slots, versions)
    try:
        with np.errstate(all="ignore"):
            outputs = ReferenceEvaluator(model).run(None, feeds)
    except Exception:  # the node is converted instead
        return None
    names = [name for name in node.output if name]
    if not all(isinstance(each, np.ndarray | np.generic) for each in outputs):
        return None
    return {name: constant(np.asarray(each)) for name, each in zip(names, outputs, strict=True)}


def _elements(type_: TypeProto) -> int:
    return int(np.prod([max(each.dim_value, 1) for each in type_.tensor_type.shape.dim] or [1]))


def _single(
    node: onnx.NodeProto, slots: Mapping[str, Slot], versions: Mapping[str, int]
) -> onnx.ModelProto:
    """Return a model of one node."""
    inputs = [
        onnx.ValueInfoProto(name=n, type=slots[n].type) for n in dict.fromkeys(node.input) if n
    ]
    outputs = [onnx.ValueInfoProto(name=name) for name in node.output if name]
    graph = helper.make_graph([node], "constant", inputs, outputs)
    return helper.make_model(graph, opset_imports=opsets(versions))
