"""TensorFlow SavedModels: a folder with ``saved_model.pb`` and its variables."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from converter.errors import SourceError, first_line
from converter.readers import Source, graphdef

import tensorflow as tf  # isort: skip - `graphdef` sets it up
import numpy as np
from numpy.typing import NDArray
from tensorflow.core.protobuf import saved_model_pb2

_DEFAULT = "serving_default"
"""The signature that TensorFlow's tools run when none is named."""


def read(path: Path, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Source:
    """Read a SavedModel's signature ``serving_default``, or its only signature.

    Args:
        path: Its folder.
        shapes: Shapes of inputs that the model leaves open, by name.

    Raises:
        SourceError: If it is not a SavedModel, has no such signature, or a dimension is open.
    """
    if not (path / "saved_model.pb").is_file():
        raise SourceError(f"{path}: is a folder without saved_model.pb; expected a SavedModel")
    try:
        _check(path / "saved_model.pb")
        model = tf.saved_model.load(path)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error
    except Exception as error:  # TensorFlow raises whatever its parts do
        raise SourceError(f"{path}: TensorFlow cannot read it: {first_line(error)}") from error
    try:
        return from_signature(_signature(model.signatures), shapes)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error


def _check(path: Path) -> None:
    """Raise an error if a constant claims far more bytes than the file holds."""
    saved = saved_model_pb2.SavedModel()
    saved.ParseFromString(path.read_bytes())
    for each in saved.meta_graphs:
        graphdef.check(each.graph_def)


def _signature(signatures: Mapping[str, Any]) -> Any:  # noqa: ANN401 - TensorFlow has no types
    """Return the signature to convert."""
    if _DEFAULT in signatures:
        return signatures[_DEFAULT]
    if len(signatures) == 1:
        (only,) = signatures.values()
        return only
    found = f"the signatures {', '.join(sorted(signatures))}" if signatures else "no signature"
    raise SourceError(
        f"has {found}, expected {_DEFAULT}; save it again with "
        f"tf.saved_model.save(model, folder, signatures={{'{_DEFAULT}': function}})"
    )


def from_signature(signature: Any, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Source:  # noqa: ANN401
    """Return the source for a signature of a model that is in memory.

    Inputs and outputs are sorted by name: a SavedModel does not keep their order.

    Args:
        signature: Takes tensors by name, and returns a dictionary of tensors.
        shapes: Shapes of inputs that it leaves open, by name.

    Raises:
        SourceError: If a dimension is open, or TF.js lacks a dtype.
    """
    specs = dict(sorted(signature.structured_input_signature[1].items()))
    inputs = graphdef.inputs(specs, shapes or {})
    outputs = sorted(signature.structured_outputs)

    def call(*tensors: Any) -> list[Any]:  # noqa: ANN401
        given = zip(specs, graphdef.cast(tensors, specs.values()), strict=True)
        results = signature(**dict(given))
        return [results[name] for name in outputs]

    def run(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [np.asarray(each) for each in call(*arrays)]

    graph, trace = graphdef.freeze(call, inputs, outputs)
    return Source(graph, f"tensorflow {tf.__version__}", run, trace)
