"""TensorFlow's GraphDef to a Graph, for all formats that TensorFlow reads.

The operations are TF.js's vocabulary already, so only the containers are translated. Control
edges, private attributes and dtypes that TF.js lacks are dropped.
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

from card import Tensor
from converter.errors import SourceError
from converter.graph import Array, Attribute, DType, Graph, Node, Output, Shape, in_order, producer
from converter.readers import input_shapes

_DTYPES = {
    tf.float32: "float32",
    tf.float16: "float32",
    tf.float64: "float32",
    tf.int32: "int32",
    tf.int64: "int32",
    tf.uint8: "int32",
}
"""TF.js dtype by TensorFlow dtype, for inputs and outputs."""

_REPEATED = 1 << 26
"""Maximum size in bytes of a constant that the file stores as a single repeated value."""

_TRACEABLE = frozenset({*_DTYPES, tf.bool})

_Trace: TypeAlias = Callable[[Sequence[NDArray[Any]]], Mapping[str, NDArray[Any]]]


def inputs(given: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> list[Tensor]:
    """Return the inputs of a model.

    Args:
        given: TensorFlow's or Keras's tensors, or their specs, by name.
        shapes: Shapes of inputs that the file leaves open, by name; an open batch is 1.

    Raises:
        SourceError: If `shapes` names an input that does not exist, a dimension is open or does
            not fit, or TF.js lacks the dtype.
    """
    input_shapes.check_names(shapes, given)
    return [_tensor(name, each, shapes.get(name)) for name, each in given.items()]


def cast(arrays: Sequence[Any], specs: Iterable[Any]) -> list[Any]:
    """Return inputs in the dtypes of the model's specs, which may be wider than TF.js's."""
    return [tf.cast(array, each.dtype) for array, each in zip(arrays, specs, strict=True)]


def check(definition: Any) -> None:  # noqa: ANN401 - TensorFlow has no types
    """Raise an error if a GraphDef has constants that are far larger than the file.

    TensorFlow repeats the last value of a constant as often as its shape says.

    Raises:
        SourceError: Names the constant.
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
    """Trace a function into a graph, with its variables as weights.

    Args:
        function: Takes a tensor for each input, and returns a list of tensors.
        inputs: Its inputs, with fixed shapes.
        outputs: Names of its outputs.

    Returns:
        The graph, and the ``trace`` of `converter.readers.Source`.

    Raises:
        SourceError: If an output's shape depends on the values of the inputs.
    """
    specs = [tf.TensorSpec(each.shape, each.dtype, each.name) for each in inputs]
    concrete = tf.function(function, autograph=False).get_concrete_function(*specs)
    # Lowered control flow would be a graph with cycles.
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
        outputs = {name: graph.get_operation_by_name(name).outputs for name in names}
        fetches = {
            name: each[0] for name, each in outputs.items() if each and each[0].dtype in _TRACEABLE
        }
        feeds = {f"{name}:0": array for name, array in zip(placeholders, arrays, strict=True)}
        with tf.compat.v1.Session(graph=graph) as session:
            traced: Mapping[str, NDArray[Any]] = session.run(fetches, feeds)
        return traced

    return trace


def _folded(frozen: Any) -> Any:  # noqa: ANN401 - TensorFlow has no types
    """Return a frozen function's GraphDef, with computations on shapes folded into constants.

    A model that was saved for any batch computes shapes while it runs. TensorFlow's own optimizer
    knows the shape function of each operation.
    """
    config = config_pb2.ConfigProto()
    rewrites = config.graph_options.rewrite_options
    for each in rewrites.DESCRIPTOR.fields:
        if each.enum_type is not None and each.enum_type.name == "Toggle":
            setattr(rewrites, each.name, rewrites.OFF)
    # Lower levels do not rely on the shapes of inputs.
    rewrites.constant_folding = rewrites.AGGRESSIVE
    rewrites.min_graph_nodes = -1
    meta = meta_graph_pb2.MetaGraphDef(graph_def=frozen.graph.as_graph_def())
    for each in meta.graph_def.node:
        if each.op == "PlaceholderWithDefault":  # only its default is used
            each.op = "Identity"
            each.attr["T"].CopyFrom(each.attr.pop("dtype"))
            del each.attr["shape"]
    kept = (each.name for each in (*frozen.inputs, *frozen.outputs))
    meta.collection_def["train_op"].node_list.value.extend(kept)
    return tf_optimizer.OptimizeGraph(config, meta)


def _outputs(definition: Any, names: Sequence[str], sources: Sequence[str]) -> list[Tensor]:  # noqa: ANN401
    """Return the outputs of a graph, with shapes inferred from those of its inputs."""
    with tf.Graph().as_default() as graph:
        tf.graph_util.import_graph_def(definition, name="")
    tensors = []
    for name, source in zip(names, sources, strict=True):
        each = graph.get_tensor_by_name(source if ":" in source else f"{source}:0")
        if not each.shape.is_fully_defined():
            raise SourceError(
                f"output {name}: its shape {each.shape} depends on what the network computes; "
                "cut the model off before this, and do the rest in Python"
            )
        tensors.append(_tensor(name, each, None))
    return tensors


def _tensor(name: str, spec: Any, given: tuple[int, ...] | None) -> Tensor:  # noqa: ANN401
    """Return a TensorFlow or Keras tensor as the graph's, with a batch of 1."""
    dtype = tf.as_dtype(spec.dtype)
    if dtype not in _DTYPES:
        raise SourceError(f"{name}: TF.js has no type {dtype.name}; cast it to float32 or int32")
    shape = tf.TensorShape(spec.shape)
    known = None if shape.rank is None else shape.as_list()
    return Tensor(name, input_shapes.fixed(name, known, given), _DTYPES[dtype])


def _needed(definitions: Sequence[Any], sources: Iterable[str]) -> list[Any]:
    """Return the nodes that outputs depend on; assertions are not among them."""
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
    """Return a TensorFlow tensor name as a reference: the first output has no index."""
    return name.removesuffix(":0")


def _array(name: str, array: NDArray[Any]) -> Array:
    """Return a constant in a TF.js dtype."""
    if array.dtype.kind == "f":
        return array.astype(np.float32)
    if array.dtype.kind == "b":
        return array.astype(np.bool_)
    if array.dtype.kind not in "iu":
        raise SourceError(f"constant {name}: TF.js has no type {array.dtype}")
    limits = np.iinfo(np.int32)
    # The largest int64 means "to the end"; the largest int32 means the same.
    return array.clip(limits.min, limits.max).astype(np.int32)


def _attributes(attributes: Mapping[str, Any]) -> dict[str, Attribute]:
    public = (name for name in sorted(attributes) if not name.startswith("_"))
    translated = {name: _attribute(attributes[name]) for name in public}
    return {name: value for name, value in translated.items() if value is not None}


def _attribute(value: Any) -> Attribute | None:  # noqa: ANN401 - protobuf has no types
    """Return an AttrValue; None for kinds that no TF.js operation reads."""
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
