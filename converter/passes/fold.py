"""Fold nodes whose inputs are all constants, and drop operations that return their input."""

from collections.abc import Callable
from dataclasses import replace
from math import prod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from converter.graph import Array, DType, Graph, Node

_Evaluator: TypeAlias = Callable[..., Any]

_LARGEST = 1 << 26
"""Maximum number of values of a folded constant: a small file may ask for any number."""

_PASS_THROUGH = frozenset({"Identity", "StopGradient", "Snapshot", "EnsureShape"})
"""Operations whose result is their only input."""

_ELEMENTWISE: dict[str, _Evaluator] = {
    "Add": np.add,
    "AddV2": np.add,
    "Sub": np.subtract,
    "Mul": np.multiply,
    "RealDiv": np.divide,
    "Maximum": np.maximum,
    "Minimum": np.minimum,
    "Neg": np.negative,
    "Square": np.square,
    "Sqrt": np.sqrt,
    "Rsqrt": lambda x: 1 / np.sqrt(x),
    "Exp": np.exp,
}
"""Operations without attributes, on arrays that broadcast."""


def _reshape(_: Node, x: NDArray[Any], shape: NDArray[Any]) -> NDArray[Any]:
    return x.reshape(shape)


def _transpose(_: Node, x: NDArray[Any], order: NDArray[Any]) -> NDArray[Any]:
    return x.transpose(order)


def _expand(_: Node, x: NDArray[Any], axis: NDArray[Any]) -> NDArray[Any]:
    return np.expand_dims(x, int(axis))


def _squeeze(node: Node, x: NDArray[Any]) -> NDArray[Any]:
    axes = node.attributes.get("squeeze_dims")
    return np.squeeze(x, axis=axes or None)  # type: ignore[arg-type]


def _concat(_: Node, *arrays: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate(arrays[:-1], axis=int(arrays[-1]))


def _pack(node: Node, *arrays: NDArray[Any]) -> NDArray[Any]:
    axis = node.attributes.get("axis", 0)
    return np.stack(arrays, axis=axis if isinstance(axis, int) else 0)


def _cast(node: Node, x: NDArray[Any]) -> NDArray[Any]:
    return x.astype(_type(node, "DstT"))


def _type(node: Node, attribute: str) -> Any:  # noqa: ANN401 - one of numpy's types
    """Return an attribute's dtype in TF.js; None if TF.js lacks it."""
    value = node.attributes.get(attribute)
    return _NUMPY.get(value.name) if isinstance(value, DType) else None


def _scatter(
    _: Node, places: NDArray[Any], shape: NDArray[Any], values: NDArray[Any], rest: NDArray[Any]
) -> NDArray[Any]:
    dense = np.full(shape, rest)
    dense[tuple(places.reshape(-1, len(shape)).T)] = values
    return dense


_NUMPY = {
    "DT_FLOAT": np.float32,
    "DT_HALF": np.float32,
    "DT_DOUBLE": np.float32,
    "DT_INT32": np.int32,
    "DT_INT64": np.int32,
    "DT_BOOL": np.bool_,
}
"""TF.js dtype by TensorFlow dtype."""

_EVALUATORS: dict[str, _Evaluator] = {
    "Reshape": _reshape,
    "Transpose": _transpose,
    "ExpandDims": _expand,
    "Squeeze": _squeeze,
    "ConcatV2": _concat,
    "Pack": _pack,
    "Cast": _cast,
    "SparseToDense": _scatter,
}
"""Operations whose evaluation needs the node's attributes, or takes some inputs as arguments."""


def fold(graph: Graph) -> Graph:
    """Return the graph with constant nodes as weights, and without those that do nothing."""
    weights, kept, same = dict(graph.weights), list[Node](), dict[str, str]()
    for node in (each.rewired(same) for each in graph.nodes):
        if _is_idle(node) and ":" not in node.inputs[0]:
            same[node.name] = node.inputs[0]
        elif _is_foldable(node, weights):
            weights[node.name] = _evaluate(node, [weights[each] for each in node.inputs])
        else:
            kept.append(node)
    outputs = tuple(output.rewired(same) for output in graph.outputs)
    return replace(graph, nodes=tuple(kept), outputs=outputs, weights=weights)


def _is_idle(node: Node) -> bool:
    if node.op == "Cast":
        return _type(node, "SrcT") is not None and _type(node, "SrcT") == _type(node, "DstT")
    return node.op in _PASS_THROUGH


def _is_foldable(node: Node, weights: dict[str, Array]) -> bool:
    known = node.op in _ELEMENTWISE or node.op in _EVALUATORS
    if node.op == "Cast" and _type(node, "DstT") is None:
        return False
    if not known or any(each not in weights for each in node.inputs):
        return False
    return _count(node, [weights[each] for each in node.inputs]) <= _LARGEST


def _count(node: Node, arrays: list[Array]) -> int:
    """Return the number of values of a result that may be far larger than the inputs, else 0."""
    if node.op == "SparseToDense":
        return prod(int(side) for side in arrays[1])
    if node.op in _ELEMENTWISE:
        return prod(np.broadcast_shapes(*(each.shape for each in arrays)))
    return 0


def _evaluate(node: Node, arrays: list[Array]) -> Array:
    if node.op in _EVALUATORS:
        result = _EVALUATORS[node.op](node, *arrays)
    else:
        result = _ELEMENTWISE[node.op](*arrays)
    return np.asarray(result)  # numpy returns scalars for arrays without axes
