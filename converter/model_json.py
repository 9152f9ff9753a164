"""Encodes a Graph as the ``model.json`` of a TF.js graph model.

The topology is a TensorFlow GraphDef in protobuf's JSON form: strings are base64, whole numbers
are strings.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

from card import Tensor
from converter.graph import Attribute, DType, Graph, Node, Shape

_Json: TypeAlias = dict[str, Any]

_TYPES = {"float32": "DT_FLOAT", "int32": "DT_INT32", "bool": "DT_BOOL"}


def encode(graph: Graph, entries: Iterable[Mapping[str, Any]], shards: Sequence[str]) -> _Json:
    """Return the content of ``model.json``.

    Args:
        graph: The network.
        entries: The weights manifest's entry for each weight, in the order of their bytes.
        shards: Names of the files whose concatenation holds these bytes.
    """
    return {
        "format": "graph-model",
        "generatedBy": "glassbooth",
        "convertedBy": "glassbooth",
        "signature": {
            "inputs": {each.name: _tensor_info(each, _sides(graph, each)) for each in graph.inputs},
            "outputs": {
                each.tensor.name: _tensor_info(each.tensor, each.tensor.shape)
                for each in graph.outputs
            },
        },
        "modelTopology": {
            "node": list(_nodes(graph)),
            "library": {},
            "versions": {"producer": 1, "minConsumer": 1},
        },
        "weightsManifest": [{"paths": list(shards), "weights": list(entries)}],
    }


def _sides(graph: Graph, given: Tensor) -> tuple[int, ...]:
    """Return the shape of an input, with -1 for open dimensions."""
    return tuple(-1 if axis in graph.open_axes else side for axis, side in enumerate(given.shape))


def _tensor_info(tensor: Tensor, sides: tuple[int, ...]) -> _Json:
    return {
        "name": f"{tensor.name}:0",
        "dtype": _TYPES[tensor.dtype],
        "tensorShape": _shape(sides),
    }


def _shape(sides: Iterable[int]) -> _Json:
    return {"dim": [{"size": str(side)} for side in sides]}


def _nodes(graph: Graph) -> Iterable[_Json]:
    placeholders = (
        Node(
            each.name,
            "Placeholder",
            (),
            {"dtype": _dtype(each.dtype), "shape": Shape(_sides(graph, each))},
        )
        for each in graph.inputs
    )
    constants = (
        Node(name, "Const", (), {"dtype": _dtype(array.dtype.name)})
        for name, array in graph.weights.items()
    )
    return map(_node, chain(placeholders, constants, graph.nodes))


def _dtype(name: str) -> DType:
    return DType(_TYPES[name])


def _node(node: Node) -> _Json:
    attributes = {name: attribute(value) for name, value in node.attributes.items()}
    encoded: _Json = {"name": node.name, "op": node.op}
    if node.inputs:
        encoded["input"] = list(node.inputs)
    if attributes:
        encoded["attr"] = attributes
    return encoded


def attribute(value: Attribute) -> _Json:
    """Return an attribute of a node in protobuf's JSON form."""
    match value:
        case tuple():
            return {"list": _list(value)}
        case DType(name):
            return {"type": name}
        case Shape(sides):
            return {"shape": _shape(sides)}
    kind, encoded = _scalar(value)
    return {kind: encoded}


def _scalar(value: bool | float | str) -> tuple[str, Any]:
    """Return a single value's field in protobuf's AttrValue, and its JSON form."""
    if isinstance(value, bool):
        return "b", value
    if isinstance(value, int):
        return "i", str(value)
    if isinstance(value, float):
        return "f", value
    return "s", base64.b64encode(value.encode()).decode()


def _list(values: Iterable[float | str]) -> _Json:
    """Return a list of values of one type; ``{}`` if it is empty."""
    encoded: _Json = {}
    for kind, value in map(_scalar, values):
        encoded.setdefault(kind, []).append(value)
    return encoded
