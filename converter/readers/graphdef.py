"""TensorFlow's GraphDef to a Graph; the common ground of all formats that TensorFlow reads.

The operations are TF.js's own vocabulary, so this translates containers, and drops what matters
to TensorFlow alone: control edges, private attributes, types that TF.js does not have.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

# TensorFlow reads both when it is imported. oneDNN's rounding would differ between processors.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.core.framework import types_pb2
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from converter.errors import SourceError
from converter.graph import Array, Attribute, DType, Graph, Node, Output, Shape, in_order
from vision.card import Tensor

_DTYPES = {
    tf.float32: "float32",
    tf.float16: "float32",
    tf.float64: "float32",
    tf.int32: "int32",
    tf.int64: "int32",
    tf.uint8: "int32",
}
"""TF.js's type for each of TensorFlow's that a model may take or give."""


def freeze(function: Callable[..., Any], inputs: Sequence[Tensor], outputs: Sequence[str]) -> Graph:
    """Trace a function and turn it into a graph, its variables into weights.

    Args:
        function: Takes a tensor for each input, returns a list of them.
        inputs: What it takes; every side is known.
        outputs: Names for what it returns.

    Raises:
        SourceError: If an output's shape depends on the input's values.
    """
    specs = [tf.TensorSpec(each.shape, each.dtype, each.name) for each in inputs]
    concrete = tf.function(function, autograph=False).get_concrete_function(*specs)
    frozen = convert_variables_to_constants_v2(concrete)
    tensors = [tensor(name, made) for name, made in zip(outputs, frozen.outputs, strict=True)]
    sources = (_reference(made.name) for made in frozen.outputs)
    placeholders = [_reference(each.name) for each in frozen.inputs]
    names = dict(zip(placeholders, (each.name for each in inputs), strict=True))
    nodes, weights = _translate(frozen.graph.as_graph_def().node)
    return Graph(
        tuple(inputs),
        tuple(Output(*each).rewired(names) for each in zip(tensors, sources, strict=True)),
        in_order((node.rewired(names) for node in nodes), {*weights, *names.values()}),
        weights,
    )


def tensor(name: str, made: Any) -> Tensor:  # noqa: ANN401 - TensorFlow has no types
    """Return what a TensorFlow or Keras tensor is called, and its shape with a batch of one.

    Raises:
        SourceError: If another side than the first is not known, or TF.js lacks the type.
    """
    sides = [1 if i == 0 and side is None else side for i, side in enumerate(made.shape)]
    if None in sides:
        raise SourceError(
            f"{name}: shape {tuple(made.shape)} has open sides; "
            "save the model with a fixed size for all but the batch"
        )
    dtype = tf.as_dtype(made.dtype)
    if dtype not in _DTYPES:
        raise SourceError(f"{name}: TF.js has no type {dtype.name}; cast it to float32 or int32")
    return Tensor(name, tuple(sides), _DTYPES[dtype])


def _translate(definitions: Sequence[Any]) -> tuple[list[Node], dict[str, Array]]:
    nodes, weights = list[Node](), dict[str, Array]()
    for each in definitions:
        if each.op == "Const":
            weights[each.name] = _array(each.name, tf.make_ndarray(each.attr["value"].tensor))
        elif each.op not in {"Placeholder", "NoOp"}:
            inputs = tuple(_reference(name) for name in each.input if not name.startswith("^"))
            nodes.append(Node(each.name, each.op, inputs, _attributes(each.attr)))
    return nodes, weights


def _reference(name: str) -> str:
    """Return TensorFlow's name of a tensor as ours: the first output needs no index."""
    return name.removesuffix(":0")


def _array(name: str, array: NDArray[Any]) -> Array:
    """Return a constant in a type that TF.js has."""
    if array.dtype.kind == "f":
        return array.astype(np.float32)
    if array.dtype.kind == "b":
        return array.astype(np.bool_)
    if array.dtype.kind not in "iu":
        raise SourceError(f"constant {name}: TF.js has no type {array.dtype}")
    limits = np.iinfo(np.int32)
    # TensorFlow says "to the end" with the largest int64; int32's largest says the same.
    return array.clip(limits.min, limits.max).astype(np.int32)


def _attributes(attributes: Mapping[str, Any]) -> dict[str, Attribute]:
    public = (name for name in sorted(attributes) if not name.startswith("_"))
    translated = {name: _attribute(attributes[name]) for name in public}
    return {name: value for name, value in translated.items() if value is not None}


def _attribute(value: Any) -> Attribute | None:  # noqa: ANN401 - protobuf has no types
    """Return an AttrValue; None if it is of a kind that no operation of TF.js reads."""
    kind = value.WhichOneof("value")
    match kind:
        case "s":
            return str(value.s.decode())
        case "type":
            return DType(types_pb2.DataType.Name(value.type))
        case "shape":
            return Shape(tuple(each.size for each in value.shape.dim))
        case "list":
            return _list(value.list)
        case "i" | "f" | "b":
            plain: bool | int | float = getattr(value, kind)
            return plain
    return None


def _list(value: Any) -> tuple[int, ...] | tuple[float, ...] | tuple[str, ...]:  # noqa: ANN401
    return tuple(value.i) or tuple(value.f) or tuple(each.decode() for each in value.s)
