"""Files to graphs. Each kind of file has one module, the only place that imports its framework."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from numpy.typing import NDArray

from converter.errors import SourceError, ToolError
from converter.graph import Graph

Arrays: TypeAlias = Sequence[NDArray[Any]]


@dataclass(frozen=True)
class Source:
    """A model that was read.

    Attributes:
        graph: The network, with a batch of one.
        runtime: What it comes from and runs in: name and version.
        run: Runs the original. Takes an array for each input of the graph, returns an array for
            each output.
        trace: Runs the original, and returns what is computed on the way, by the reference that
            the graph has for it, as far as the runtime shows it; None if it shows nothing.
        bytes: Size of the files that it was read from; 0 if it was in memory.
    """

    graph: Graph
    runtime: str
    run: Callable[[Arrays], Arrays]
    trace: Callable[[Arrays], Mapping[str, NDArray[Any]]] | None = None
    bytes: int = 0

    def taking(self, graph: Graph, prepare: Callable[[Arrays], Arrays]) -> "Source":
        """Return the same original with a graph that takes other inputs.

        Args:
            graph: The network that is to compute the same.
            prepare: Turns its inputs into those of the original.
        """
        trace = self.trace
        return replace(
            self,
            graph=graph,
            run=lambda arrays: self.run(prepare(arrays)),
            trace=(lambda arrays: trace(prepare(arrays))) if trace else None,
        )


@dataclass(frozen=True)
class Reader:
    """A module with ``read(path: Path) -> Source``, and the extra its framework needs, if any.

    If it is `shaped`, ``read`` also takes shapes for inputs that the file leaves open.
    """

    module: str
    extra: str = ""
    shaped: bool = False


FOLDER = "a SavedModel's folder"

READERS = {
    ".keras": Reader("converter.readers.keras", "keras", shaped=True),
    ".h5": Reader("converter.readers.keras", "keras", shaped=True),
    FOLDER: Reader("converter.readers.saved_model", "keras", shaped=True),
    ".pb": Reader("converter.readers.frozen", "keras", shaped=True),
    ".json": Reader("converter.readers.tfjs", shaped=True),
    ".onnx": Reader("converter.readers.onnx", "onnx", shaped=True),
    ".pt2": Reader("converter.readers.torch", "torch"),
    ".pt": Reader("converter.readers.torch", "torch"),
    ".pth": Reader("converter.readers.torch", "torch"),
}
"""Readers by kind of file, which is the ending of its name; a SavedModel is a folder."""


def read(path: Path, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Source:
    """Read a model.

    Args:
        path: Its file, or its folder.
        shapes: Shapes of inputs that the file leaves open, by name.

    Raises:
        SourceError: If there is no such file, no reader for it, or it is not what its name says.
        ToolError: If the framework that reads it is not installed.
    """
    kind = FOLDER if path.is_dir() else path.suffix
    reader = READERS.get(kind)
    if reader is None:
        raise SourceError(f"{path}: cannot read {kind or 'this'}; {_supported()}")
    if not path.exists():
        raise SourceError(f"{path}: there is no such file")
    try:
        module = import_module(reader.module)
    except ModuleNotFoundError as error:
        raise ToolError(
            f"{path}: reading {kind} needs {error.name}, which is not installed; "
            f"pip install -e '.[{reader.extra}]'"
        ) from error
    if shapes and not reader.shaped:
        raise SourceError(f"{path}: {kind} has its shapes inside; leave --shape out")
    source: Source = module.read(path, shapes) if shapes else module.read(path)
    return source if source.bytes else replace(source, bytes=_size(path))


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(each.stat().st_size for each in files if each.is_file())


def _supported() -> str:
    return "what can be read is " + " and ".join(
        f"{kind}{_needs(READERS[kind])}" for kind in READERS
    )


def _needs(reader: Reader) -> str:
    return f" (pip install -e '.[{reader.extra}]')" if reader.extra else ""
