"""TensorFlow's SavedModel: a folder with ``saved_model.pb`` and variables beside it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from converter.errors import SourceError
from converter.readers import Source, graphdef

import tensorflow as tf  # isort: skip - `graphdef` sets it up
import numpy as np
from numpy.typing import NDArray
from tensorflow.core.protobuf import saved_model_pb2

_USUAL = "serving_default"
"""The signature that TensorFlow's own tools run when none is named."""


def read(path: Path, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Source:
    """Read a SavedModel's signature ``serving_default``, or the only one that there is.

    Args:
        path: Its folder.
        shapes: Shapes of inputs that the model leaves open, by name.

    Raises:
        SourceError: If it is no SavedModel, has no signature to choose, or a side is open.
    """
    if not (path / "saved_model.pb").is_file():
        raise SourceError(f"{path}: is a folder without saved_model.pb; expected a SavedModel")
    try:
        _check(path / "saved_model.pb")
        model = tf.saved_model.load(path)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error
    except Exception as error:  # TensorFlow raises whatever its parts do
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise SourceError(f"{path}: TensorFlow cannot read it: {reason}") from error
    try:
        return from_signature(_signature(model.signatures), shapes)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error


def _check(path: Path) -> None:
    saved = saved_model_pb2.SavedModel()
    saved.ParseFromString(path.read_bytes())
    for each in saved.meta_graphs:
        graphdef.check(each.graph_def)


def _signature(signatures: Mapping[str, Any]) -> Any:  # noqa: ANN401 - TensorFlow has no types
    if _USUAL in signatures:
        return signatures[_USUAL]
    if len(signatures) == 1:
        (only,) = signatures.values()
        return only
    found = f"the signatures {', '.join(sorted(signatures))}" if signatures else "no signature"
    raise SourceError(
        f"has {found}, expected {_USUAL}; save it again with "
        f"tf.saved_model.save(model, folder, signatures={{'{_USUAL}': function}})"
    )


def from_signature(signature: Any, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Source:  # noqa: ANN401
    """Return a signature of a model that is in memory, inputs and outputs in order of names.

    Args:
        signature: Takes tensors by name, returns a dictionary of them.
        shapes: Shapes of inputs that it leaves open, by name.

    Raises:
        SourceError: If a side is open, or a type is none of TF.js's.
    """
    # The file keeps no order of them.
    specs = dict(sorted(signature.structured_input_signature[1].items()))
    inputs = graphdef.inputs(specs, shapes or {})
    outputs = sorted(signature.structured_outputs)

    def call(*tensors: Any) -> list[Any]:  # noqa: ANN401
        given = zip(specs, graphdef.cast(tensors, specs.values()), strict=True)
        made = signature(**dict(given))
        return [made[name] for name in outputs]

    def run(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [np.asarray(each) for each in call(*arrays)]

    graph, trace = graphdef.freeze(call, inputs, outputs)
    return Source(graph, f"tensorflow {tf.__version__}", run, trace)
