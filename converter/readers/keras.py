"""Keras's ``.keras`` and ``.h5`` files, through TensorFlow alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from converter.errors import SourceError
from converter.readers import Source, graphdef

import keras  # isort: skip - `graphdef` sets up TensorFlow before Keras loads it
import numpy as np
from numpy.typing import NDArray


def read(path: Path, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Source:
    """Read a Keras model.

    Args:
        path: Its file.
        shapes: Shapes of inputs that the model leaves open, by name.

    Raises:
        SourceError: If it is no such file, or a side other than the batch is open.
    """
    try:
        model = keras.models.load_model(path, compile=False)
    except Exception as error:  # Keras raises whatever its parts do
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise SourceError(f"{path}: Keras cannot read it: {reason}") from error
    return from_model(model, shapes)


def from_model(model: Any, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Source:  # noqa: ANN401 - Keras has no types
    """Return a ``keras.Model`` that is in memory.

    Raises:
        SourceError: If a side other than the batch is open, or the model was never built.
    """
    if not getattr(model, "inputs", None):
        raise SourceError(f"{model.name}: has no fixed inputs; call the model once, and save again")
    inputs = graphdef.inputs({each.name: each for each in model.inputs}, shapes or {})

    def call(*tensors: Any) -> Any:  # noqa: ANN401
        made = model(tensors if len(tensors) > 1 else tensors[0], training=False)
        return keras.tree.flatten(made)

    def run(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [np.asarray(each) for each in call(*arrays)]

    # A Sequential has one output and, unlike other models, no names for it.
    names = getattr(model, "output_names", [model.layers[-1].name])
    graph, trace = graphdef.freeze(call, inputs, names)
    return Source(graph, f"keras {keras.__version__}", run, trace)
