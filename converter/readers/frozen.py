"""Frozen graphs: a GraphDef in a ``.pb`` file, with constants in place of variables."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from converter.errors import SourceError, first_line
from converter.readers import Source, graphdef

import tensorflow as tf  # isort: skip - `graphdef` sets it up
import numpy as np
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from tensorflow.core.framework import graph_pb2

_VARIABLES = frozenset({"Variable", "VariableV2", "VarHandleOp", "VarIsInitializedOp"})
_NO_RESULTS = frozenset({"Assert", "Const", "NoOp", "Placeholder", "PlaceholderWithDefault"})
"""Operations that are not outputs although no node uses them."""


def read(path: Path, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Source:
    """Read a frozen graph. Its placeholders are the inputs, nodes that no other uses the outputs.

    Args:
        path: Its file.
        shapes: Shapes of inputs that the graph leaves open, by name.

    Raises:
        SourceError: If it is not a GraphDef, has variables, no inputs or no outputs, or dimensions
            are open.
    """
    if path.name == "saved_model.pb":
        raise SourceError(f"{path}: is part of a SavedModel; convert its folder, {path.parent}")
    definition = graph_pb2.GraphDef()
    try:
        definition.ParseFromString(path.read_bytes())
        with tf.Graph().as_default() as graph:
            tf.graph_util.import_graph_def(definition, name="")
    except (DecodeError, OSError, ValueError, TypeError, tf.errors.OpError) as error:
        raise SourceError(
            f"{path}: TensorFlow cannot read it as a GraphDef: {first_line(error)}"
        ) from error
    try:
        return _source(definition, graph.get_operations(), shapes or {})
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error


def _source(
    definition: Any,  # noqa: ANN401 - TensorFlow has no types
    operations: Sequence[Any],
    shapes: Mapping[str, tuple[int, ...]],
) -> Source:
    graphdef.check(definition)
    placeholders, results = _ends(operations)
    inputs = graphdef.inputs({each.op.name: each for each in placeholders}, shapes)
    outputs = [each.name for each in results]

    def call(*tensors: Any) -> Any:  # noqa: ANN401
        given = zip(placeholders, graphdef.cast(tensors, placeholders), strict=True)
        fed = {placeholder.name: tensor for placeholder, tensor in given}
        return tf.graph_util.import_graph_def(definition, fed, outputs, name="")

    original = tf.function(call, autograph=False)

    def run(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [np.asarray(each) for each in original(*map(tf.constant, arrays))]

    names = [each.removesuffix(":0").replace(":", "_") for each in outputs]
    graph, trace = graphdef.freeze(call, inputs, names)
    return Source(graph, f"tensorflow {tf.__version__}", run, trace)


def _ends(operations: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Return the input and output tensors of a graph.

    Raises:
        SourceError: If either is empty, or the graph is not frozen.
    """
    if variables := [each.name for each in operations if each.type in _VARIABLES]:
        raise SourceError(
            f"has variables ({', '.join(variables[:3])}), so it is not frozen; "
            "convert the SavedModel that it belongs to"
        )
    taken = {each.op.name for operation in operations for each in operation.inputs}
    placeholders = [each.outputs[0] for each in operations if each.type == "Placeholder"]
    last = (each for each in operations if each.name not in taken and each.type not in _NO_RESULTS)
    results = [tensor for each in last for tensor in each.outputs]
    if not placeholders or not results:
        raise SourceError(
            f"has {len(placeholders)} placeholders and {len(results)} results, "
            "expected at least one of each; is this a frozen graph?"
        )
    return placeholders, results
