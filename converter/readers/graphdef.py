"""TensorFlow's GraphDef to a Graph; the common ground of all formats that TensorFlow reads.

The operations are TF.js's own vocabulary, so this translates containers, and drops what matters
to TensorFlow alone: control edges, private attributes, types that TF.js does not have.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import Any, TypeAlias

# TensorFlow reads both when it is imported. oneDNN's rounding would differ between processors.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.core.framework import types_pb2
from tensorflow.core.protobuf import config_pb2, meta_graph_pb2
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
from tensorflow.python.grappler import tf_optimizer

from converter.errors import SourceError
from converter.graph import Array, Attribute, DType, Graph, Node, Output, Shape, in_order, producer
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

_REPEATED = 1 << 26
"""Bytes that a constant of a single value may take."""

_SHOWN = frozenset({*_DTYPES, tf.bool})

_Trace: TypeAlias = Callable[[Sequence[NDArray[Any]]], Mapping[str, NDArray[Any]]]


def inputs(given: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> list[Tensor]:
    """Return what a model takes.

    Args:
        given: TensorFlow's or Keras's tensors, or their specs, by name.
        shapes: Shapes of those that the file leaves open; other batches are one.

    Raises:
        SourceError: If there is no input that `shapes` names, a side is open or does not fit, or
            TF.js lacks the type.
    """
    if unknown := set(shapes) - set(given):
        raise SourceError(
            f"has no input {', '.join(sorted(unknown))}; its inputs are {', '.join(given)}"
        )
    return [_tensor(name, each, shapes.get(name)) for name, each in given.items()]


def cast(arrays: Sequence[Any], specs: Iterable[Any]) -> list[Any]:
    """Return what a model takes in the types that it expects: it may have more than TF.js."""
    return [tf.cast(array, each.dtype) for array, each in zip(arrays, specs, strict=True)]


def check(definition: Any) -> None:  # noqa: ANN401 - TensorFlow has no types
    """Make sure that a GraphDef has no constants that would be far larger than the file.

    TensorFlow repeats the last value of a constant as often as its shape says.

    Raises:
        SourceError: If there is one.
    """
    functions = (node for each in definition.library.function for node in each.node_def)
    for node in (*definition.node, *functions):
        if node.op == "Const":
            tensor = node.attr["value"].tensor
            claimed = 4 * prod(side.size for side in tensor.tensor_shape.dim)
            if claimed > max(_REPEATED, 4 * tensor.ByteSize()):
                raise SourceError(
                    f"constant {node.name}: claims {claimed:,} bytes, and holds "
                    f"{tensor.ByteSize():,}; the file is damaged"
                )


def freeze(
    function: Callable[..., Any], inputs: Sequence[Tensor], outputs: Sequence[str]
) -> tuple[Graph, _Trace]:
    """Trace a function and turn it into a graph, its variables into weights.

    Args:
        function: Takes a tensor for each input, returns a list of them.
        inputs: What it takes; every side is known.
        outputs: Names for what it returns.

    Returns:
        The graph, and a function that shows what TensorFlow computes on the way; see
        `converter.readers.Source`.

    Raises:
        SourceError: If an output's shape depends on the input's values.
    """
    specs = [tf.TensorSpec(each.shape, each.dtype, each.name) for each in inputs]
    concrete = tf.function(function, autograph=False).get_concrete_function(*specs)
    # Control flow stays whole: taken apart it would be circles of nodes.
    frozen = convert_variables_to_constants_v2(concrete, lower_control_flow=False)
    definition = _folded(frozen)
    sources = [_reference(made.name) for made in frozen.outputs]
    placeholders = [_reference(each.name) for each in frozen.inputs]
    names = dict(zip(placeholders, (each.name for each in inputs), strict=True))
    nodes, weights = _translate(_needed(definition.node, sources))
    tensors = _outputs(definition, outputs, sources)
    graph = Graph(
        tuple(inputs),
        tuple(Output(*each).rewired(names) for each in zip(tensors, sources, strict=True)),
        in_order((node.rewired(names) for node in nodes), {*weights, *names.values()}),
        weights,
    )
    return graph, _tracer(definition, placeholders, [node.name for node in nodes])


def _tracer(definition: Any, placeholders: Sequence[str], names: Sequence[str]) -> _Trace:  # noqa: ANN401
    def trace(arrays: Sequence[NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
        with tf.Graph().as_default() as graph:
            tf.graph_util.import_graph_def(definition, name="")
        made = {name: graph.get_operation_by_name(name).outputs for name in names}
        shown = {name: each[0] for name, each in made.items() if each and each[0].dtype in _SHOWN}
        given = {f"{name}:0": array for name, array in zip(placeholders, arrays, strict=True)}
        with tf.compat.v1.Session(graph=graph) as session:
            found: Mapping[str, NDArray[Any]] = session.run(shown, given)
        return found

    return trace


def _folded(frozen: Any) -> Any:  # noqa: ANN401 - TensorFlow has no types
    """Return a frozen function's GraphDef, without what follows from shapes alone.

    What was saved for any batch computes sizes while it runs; TensorFlow's own optimizer knows
    how each of its operations makes shapes.
    """
    config = config_pb2.ConfigProto()
    rewrites = config.graph_options.rewrite_options
    for each in rewrites.DESCRIPTOR.fields:
        if each.enum_type is not None and each.enum_type.name == "Toggle":
            setattr(rewrites, each.name, rewrites.OFF)
    # Short of this it would not rely on the shapes of inputs.
    rewrites.constant_folding = rewrites.AGGRESSIVE
    rewrites.min_graph_nodes = -1
    meta = meta_graph_pb2.MetaGraphDef(graph_def=frozen.graph.as_graph_def())
    for each in meta.graph_def.node:
        if each.op == "PlaceholderWithDefault":  # nothing is fed
            each.op = "Identity"
            each.attr["T"].CopyFrom(each.attr.pop("dtype"))
            del each.attr["shape"]
    kept = (each.name for each in (*frozen.inputs, *frozen.outputs))
    meta.collection_def["train_op"].node_list.value.extend(kept)
    return tf_optimizer.OptimizeGraph(config, meta)


def _outputs(definition: Any, names: Sequence[str], sources: Sequence[str]) -> list[Tensor]:  # noqa: ANN401
    """Return what a graph gives, its shapes inferred anew from those of its inputs."""
    with tf.Graph().as_default() as graph:
        tf.graph_util.import_graph_def(definition, name="")
    made = []
    for name, source in zip(names, sources, strict=True):
        each = graph.get_tensor_by_name(source if ":" in source else f"{source}:0")
        if not each.shape.is_fully_defined():
            raise SourceError(
                f"output {name}: its shape {each.shape} depends on what the network computes; "
                "cut the model off before this, and do the rest in Python"
            )
        made.append(_tensor(name, each, None))
    return made


def _tensor(name: str, made: Any, given: tuple[int, ...] | None) -> Tensor:  # noqa: ANN401
    """Return what a TensorFlow or Keras tensor is called, and its shape with a batch of one."""
    dtype = tf.as_dtype(made.dtype)
    if dtype not in _DTYPES:
        raise SourceError(f"{name}: TF.js has no type {dtype.name}; cast it to float32 or int32")
    known = tf.TensorShape(made.shape)
    sides = _with_batch_of_one(known) if given is None else given
    shown = tuple(known) if known.rank is not None else "of any rank"
    if not known.is_compatible_with(sides):
        raise SourceError(f"{name}: has the shape {shown}, which {list(sides)} does not fit")
    if min(sides, default=1) < 1:
        example = ",".join(str(side or 224) for side in sides)
        raise SourceError(
            f"{name}: shape {shown} has open sides; say what they are with --shape {name}={example}"
        )
    return Tensor(name, sides, _DTYPES[dtype])


def _with_batch_of_one(known: Any) -> tuple[int, ...]:  # noqa: ANN401
    """Return the sides of a shape; an open first one is one, others that are open are zero."""
    if known.rank is None:
        return (1, 0, 0, 3)
    return tuple(side or (1 if i == 0 else 0) for i, side in enumerate(known))


def _needed(definitions: Sequence[Any], sources: Iterable[str]) -> list[Any]:
    """Return the nodes that outputs depend on; assertions and their texts are not."""
    by_name = {each.name: each for each in definitions}
    needed, waiting = set[str](), [producer(each) for each in sources]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            inputs = (each for each in by_name[name].input if not each.startswith("^"))
            waiting.extend(map(producer, inputs))
    return [each for each in definitions if each.name in needed]


def _translate(definitions: Sequence[Any]) -> tuple[list[Node], dict[str, Array]]:
    nodes, weights = list[Node](), dict[str, Array]()
    for each in definitions:
        if each.op == "Const":
            weights[each.name] = _array(each.name, tf.make_ndarray(each.attr["value"].tensor))
        elif each.op != "Placeholder":
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
            return str(value.s.decode(errors="replace"))
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
