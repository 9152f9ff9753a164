"""ONNX files, operator sets 7 to the newest that the ``onnx`` package knows.

Images are NHWC in a bundle. An input or output with four axes that the network treats as an image
(see `converter.readers.onnx.images`) is NHWC in the graph although it is NCHW in the file;
``Source.run`` takes and returns arrays in the graph's layout.

`file` reads, `prepare` validates and fixes shapes, `walk` visits the nodes, `operators` emits TF.js
operations for them, `conversion` puts the graph together, `session` runs the original.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnx
from numpy.typing import NDArray

from converter.readers import Source
from converter.readers.onnx import file, session
from converter.readers.onnx.conversion import convert
from converter.readers.onnx.prepare import prepare

__all__ = ["convert", "from_model", "prepare", "read"]


def read(path: Path, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Source:
    """Read an ONNX model.

    Args:
        path: The file; external data lies in the same folder, or below it.
        shapes: Shapes of inputs that the file leaves open, by name.

    Raises:
        SourceError: If it is not ONNX, is damaged, or leaves a dimension open.
        UnsupportedError: If TF.js cannot compute some of its nodes; the message lists them all.
    """
    model = file.load(path)
    return replace(from_model(model, str(path), shapes), bytes=model.ByteSize())


def from_model(
    model: onnx.ModelProto, name: str, shapes: Mapping[str, tuple[int, ...]] | None = None
) -> Source:
    """Return an ONNX model that is in memory; ``name`` is used in error messages. See `read`."""
    model = prepare(model, name, shapes or {})
    converted = convert(model, name)
    runner = session.runner(model, name)
    traced = list(converted.references)
    tracer = session.runner(session.exposing(model, traced), name)

    def feeds(arrays: Sequence[NDArray[Any]]) -> dict[str, NDArray[Any]]:
        pairs = zip(converted.inputs, arrays, strict=True)
        return {port.name: port.to_file(array) for port, array in pairs}

    def run(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        results = runner(None, feeds(arrays))
        return [port.to_graph(each) for port, each in zip(converted.outputs, results, strict=True)]

    def trace(arrays: Sequence[NDArray[Any]]) -> dict[str, NDArray[Any]]:
        results = tracer(traced, feeds(arrays))
        return {converted.references[key]: each for key, each in zip(traced, results, strict=True)}

    return Source(converted.graph, session.RUNTIME, run, trace)
