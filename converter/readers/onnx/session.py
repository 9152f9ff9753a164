"""Runs the original model in onnxruntime."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import onnx
import onnxruntime
from numpy.typing import NDArray

from converter.errors import SourceError, first_line

RUNTIME = f"onnxruntime {onnxruntime.__version__}"

Runner: TypeAlias = Callable[[Sequence[str] | None, Mapping[str, NDArray[Any]]], list[NDArray[Any]]]
"""Takes names of outputs (None for all) and arrays by input name; returns the outputs."""


def runner(model: onnx.ModelProto, name: str) -> Runner:
    """Return a function that runs a model; its session is created on the first call.

    The function raises `SourceError` if onnxruntime refuses the model or an input.
    """
    sessions: list[Any] = []

    def run(outputs: Sequence[str] | None, feeds: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        try:
            if not sessions:
                sessions.append(_session(model))
            arrays: list[NDArray[Any]] = sessions[0].run(outputs, feeds)
        except Exception as error:  # onnxruntime raises classes of its own, with no base
            raise SourceError(f"{name}: onnxruntime cannot run it: {first_line(error)}") from error
        return arrays

    return run


def _session(model: onnx.ModelProto) -> Any:  # noqa: ANN401 - onnxruntime has no types
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    providers = ["CPUExecutionProvider"]
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=providers)


def exposing(model: onnx.ModelProto, names: Sequence[str]) -> onnx.ModelProto:
    """Return a copy of a model that has these tensors among its outputs."""
    exposed = onnx.ModelProto()
    exposed.CopyFrom(model)
    known = {each.name for each in model.graph.output}
    added = (onnx.ValueInfoProto(name=name) for name in names if name not in known)
    exposed.graph.output.extend(added)
    return exposed
