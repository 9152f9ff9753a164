"""The memory snapshot that Python starts from in the browser: taken in Node, and cached."""

from __future__ import annotations

import ast
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from glassbooth.archive import write_python
from glassbooth.cache import key_of, move_in
from glassbooth.console import task
from glassbooth.hashing import files_below, integrity, sha256_file
from glassbooth.library import ROOT, SCRIPTS, Library
from glassbooth.modules import module_name, parse
from glassbooth.node import Node
from glassbooth.process import run

MEMORY = "memory.wasm"
LIBRARIES = "libraries.json"
PAGE_ONLY = frozenset({"js", "pyodide"})
"""Packages that can only be imported on a page."""
DEPENDENCIES = (
    "glassbooth/snapshot.mjs",
    "glassbooth/segments.mjs",
    "glassbooth/compiler.mjs",
    "glassbooth/byte_compile.py",
    "glassbooth/snapshot_imports.py",
    "web/js/snapshot.js",
    "web/js/segments.js",
    "package-lock.json",
)
"""Files that a snapshot depends on, besides the Python modules in it."""
NUMPY = ("numpy", "numpy.ma")
"""Modules of every snapshot: even `numpy.unique` needs the second."""
NUMPY_PARTS = frozenset({"fft", "linalg", "polynomial", "random"})
"""Larger parts of numpy, which are in a snapshot only if a module names them."""


@dataclass(frozen=True)
class Snapshot:
    """The snapshot's files, as the page's site data lists them.

    Attributes:
        memory: File of the memory.
        integrity: Its hash as Subresource Integrity metadata.
        libraries: Files of numpy's compiled libraries, by path in Pyodide's file system.
    """

    memory: str
    integrity: str
    libraries: dict[str, str]

    def within(self, folder: str) -> Snapshot:
        """Return a copy whose files are in a folder, whose name ends with a slash."""
        libraries = {path: folder + name for path, name in self.libraries.items()}
        return Snapshot(folder + self.memory, self.integrity, libraries)


def write_snapshot(
    library: Library, node: Node, wheel: Path, sources: Mapping[str, Path], folder: Path
) -> Snapshot:
    """Write the snapshot's files into an empty folder.

    Args:
        library: Holds the cache.
        node: Runs Pyodide.
        wheel: The numpy wheel.
        sources: Python files of the site, by their path on the page.
        folder: Output folder.

    Raises:
        BuildError: The snapshot failed, for example because a module does not import.
    """
    modules = sorted(modules_to_import(sources))
    with tempfile.TemporaryDirectory() as work:
        archive = Path(work) / "snapshot.zip"
        write_python(library, node, sources, archive)
        makers = [ROOT / name for name in DEPENDENCIES]
        key = key_of(*map(sha256_file, (wheel, archive, *makers)), *modules)
        cached = library.cache / "snapshots" / key
        if not cached.is_dir():
            make(node, [wheel, archive], modules, cached)
    cached.touch()
    for path in files_below(cached):
        if path.name != LIBRARIES:
            shutil.copyfile(path, folder / path.name)
    libraries = json.loads((cached / LIBRARIES).read_text(encoding="utf-8"))
    return Snapshot(MEMORY, integrity(folder / MEMORY), libraries)


SnapshotWriter: TypeAlias = Callable[[Library, Node, Path, Mapping[str, Path], Path], Snapshot]
"""`write_snapshot`, or `write_empty_snapshot`."""


def write_empty_snapshot(
    _library: Library, _node: Node, _wheel: Path, _sources: Mapping[str, Path], folder: Path
) -> Snapshot:
    """Write an empty snapshot: the page then starts Python without one."""
    (folder / MEMORY).touch()
    return Snapshot(MEMORY, integrity(folder / MEMORY), {})


def make(node: Node, sources: list[Path], modules: list[str], target: Path) -> None:
    """Take a snapshot into the cache, and evict the least recently used ones."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=target.parent))
    script = SCRIPTS / "snapshot.mjs"
    try:
        with task("Taking a snapshot of Python with numpy"):
            run("Taking a snapshot of Python", [node.node, script, *sources, fresh, *modules])
        move_in(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def modules_to_import(sources: Mapping[str, Path]) -> set[str]:
    """Return the names of the modules that are imported before the snapshot is taken.

    These are numpy, the modules of numpy and the standard library that sources import, and those
    sources that do not depend on `PAGE_ONLY` packages. The snapshot holds the others as code.
    """
    trees = {module_name(name): parse(name, path) for name, path in sources.items()}
    needed = {name: set(_needed(tree)) for name, tree in trees.items()}
    bound: set[str] = set()
    while more := {name for name, names in needed.items() if names & (PAGE_ONLY | bound)} - bound:
        bound |= more
    named = {name for tree in trees.values() for name in _named(tree) if _is_wanted(name)}
    return {*NUMPY, *named, *(trees.keys() - bound)}


def _named(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "np":
            yield from (f"numpy.{part}" for part in NUMPY_PARTS & {node.attr})


def _needed(tree: ast.AST) -> Iterator[str]:
    """Yield all modules that a source may import, with their top-level packages."""
    for name in _named(tree):
        yield from (name, name.partition(".")[0])
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _is_wanted(name: str) -> bool:
    return name.partition(".")[0] in {*sys.stdlib_module_names, "numpy"}
