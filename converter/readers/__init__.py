"""Model files to graphs. Each format has one module here; no other module imports its framework.

A new format is a module with ``read(path, shapes) -> Source``, and its line in `READERS`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

from numpy.typing import NDArray

from converter.errors import SourceError, ToolError
from converter.graph import Graph
from converter.places import INSTALLED

__all__ = ["READERS", "Arrays", "Reader", "Source", "read"]

Arrays: TypeAlias = Sequence[NDArray[Any]]


@dataclass(frozen=True)
class Source:
    """A model that was read.

    Attributes:
        graph: The network, with a batch of one.
        runtime: Name and version of what runs the original, such as ``onnxruntime 1.31.1``.
        run: Runs the original. Takes an array for each input of the graph, and returns an array
            for each output.
        trace: Runs the original, and returns intermediate results by the graph's references, as
            far as the runtime exposes them; None if it exposes none.
        bytes: Size of the files that it was read from; 0 if it was in memory.
    """

    graph: Graph
    runtime: str
    run: Callable[[Arrays], Arrays]
    trace: Callable[[Arrays], Mapping[str, NDArray[Any]]] | None = None
    bytes: int = 0

    def taking(self, graph: Graph, prepare: Callable[[Arrays], Arrays]) -> "Source":
        """Return the same original for a graph that takes other inputs.

        Args:
            graph: A network that computes the same from its own inputs.
            prepare: Turns its inputs into those of the original.
        """
        trace = self.trace
        return replace(
            self,
            graph=graph,
            run=lambda arrays: self.run(prepare(arrays)),
            trace=(lambda arrays: trace(prepare(arrays))) if trace else None,
        )


FOLDER = "a SavedModel's folder"


@dataclass(frozen=True)
class Reader:
    """A format.

    Attributes:
        module: Module of this package, with ``read(path: Path, shapes: Mapping[str, tuple[int,
            ...]]) -> Source``; ``shapes`` are those of inputs that the file leaves open, by name.
            It is imported when a file of its kind is read.
        kinds: Endings of its files, or `FOLDER`.
        extra: The extra of this project that installs its framework; empty if it needs none.
    """

    module: str
    kinds: tuple[str, ...]
    extra: str = ""


READERS = (
    Reader("keras", (".keras", ".h5"), extra="keras"),
    Reader("saved_model", (FOLDER,), extra="keras"),
    Reader("frozen", (".pb",), extra="keras"),
    Reader("tfjs", (".json",)),
    Reader("onnx", (".onnx",), extra="onnx"),
    Reader("torch", (".pt2", ".pt", ".pth"), extra="torch"),
)
"""All formats; a new one is one line."""


def read(path: Path, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Source:
    """Read a model.

    Args:
        path: Its file, or its folder.
        shapes: Shapes of inputs that the file leaves open, by name.

    Raises:
        SourceError: If the file does not exist, has no reader, or is damaged.
        ToolError: If the framework that reads it is not installed.
    """
    kind = FOLDER if path.is_dir() else path.suffix
    reader = next((each for each in READERS if kind in each.kinds), None)
    if reader is None:
        raise SourceError(f"{path}: cannot read {kind or 'this'}; {_supported()}")
    if not path.exists():
        raise SourceError(f"{path}: there is no such file")
    try:
        module = import_module(f"{__name__}.{reader.module}")
    except ModuleNotFoundError as error:
        raise ToolError(
            f"{path}: reading {kind} needs {error.name}, which is not installed; {_install(reader)}"
        ) from error
    source: Source = module.read(path, shapes or {})
    return source if source.bytes else replace(source, bytes=_size(path))


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(each.stat().st_size for each in files if each.is_file())


def _supported() -> str:
    kinds = (
        f"{kind} ({_install(reader)})" if reader.extra else kind
        for reader in READERS
        for kind in reader.kinds
    )
    return "what can be read is " + " and ".join(kinds)


def _install(reader: Reader) -> str:
    package = "'glassbooth" if INSTALLED else "-e '."
    return f"pip install {package}[{reader.extra}]'"
