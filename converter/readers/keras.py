"""Keras models: ``.keras`` and ``.h5`` files, and ``keras.Model`` in memory."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from converter.errors import SourceError, first_line
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
        SourceError: If Keras cannot read it, or a dimension other than the batch is open.
    """
    try:
        model = keras.models.load_model(path, compile=False)
    except Exception as error:  # Keras raises whatever its parts do
        raise SourceError(f"{path}: Keras cannot read it: {first_line(error)}") from error
    return from_model(model, shapes)


def from_model(model: Any, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Source:  # noqa: ANN401 - Keras has no types
    """Return the source for a ``keras.Model`` that is in memory.

    Args:
        model: The model.
        shapes: Shapes of inputs that it leaves open, by name.

    Raises:
        SourceError: If a dimension other than the batch is open, or the model was never built.
    """
    if not getattr(model, "inputs", None):
        raise SourceError(f"{model.name}: has no fixed inputs; call the model once, and save again")
    inputs = graphdef.inputs({each.name: each for each in model.inputs}, shapes or {})

    def call(*tensors: Any) -> Any:  # noqa: ANN401
        outputs = model(tensors if len(tensors) > 1 else tensors[0], training=False)
        return keras.tree.flatten(outputs)

    def run(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [np.asarray(each) for each in call(*arrays)]

    # A Sequential has one output and no `output_names`.
    names = getattr(model, "output_names", [model.layers[-1].name])
    graph, trace = graphdef.freeze(call, inputs, names)
    return Source(graph, f"keras {keras.__version__}", run, trace)
