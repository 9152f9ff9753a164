"""The snapshot that Python starts from in the browser: made in Node, kept until it would differ."""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.archive import write_python
from tools.console import task
from tools.environment import Node
from tools.hashing import files_below, integrity, sha256_file
from tools.process import run
from tools.project import HERE, Project

MEMORY = "memory.wasm"
LIBRARIES = "libraries.json"
PAGE = frozenset({"js", "pyodide"})
"""What can be imported on a page alone."""
KEPT = 8
"""Snapshots in the cache: enough to go back and forth between a few states of the sources."""
MAKERS = (
    "tools/snapshot.mjs",
    "tools/segments.mjs",
    "tools/compiler.mjs",
    "tools/library.py",
    "tools/snapshot_imports.py",
    "web/js/snapshot.js",
    "package-lock.json",
)
"""What a snapshot depends on, beside the Python that is in it."""
NUMPY = ("numpy", "numpy.ma")
"""What every snapshot has: functions as plain as `numpy.unique` ask for the second."""
NUMPY_PARTS = frozenset({"fft", "linalg", "polynomial", "random"})
"""Parts of numpy that cost something, and are in a snapshot only where a module names them."""


@dataclass(frozen=True)
class Snapshot:
    """What the page has to know.

    Attributes:
        memory: the file of the memory.
        integrity: its hash as `fetch` takes it.
        libraries: paths in Python's file system -> the files of numpy's compiled libraries.
    """

    memory: str
    integrity: str
    libraries: dict[str, str]

    def within(self, folder: str) -> Snapshot:
        """Return the same with the files in a folder, whose name ends with a slash."""
        libraries = {path: folder + name for path, name in self.libraries.items()}
        return Snapshot(folder + self.memory, self.integrity, libraries)


def write_snapshot(project: Project, node: Node, wheel: Path, folder: Path) -> Snapshot:
    """Write the snapshot's files into an empty folder.

    Raises:
        BuildError: it could not be taken, because a module does not import, for example.
    """
    modules = sorted(modules_for(project.web / "py"))
    archive = project.cache / "build" / "snapshot.zip"
    archive.parent.mkdir(parents=True, exist_ok=True)
    write_python(project, node, archive)
    makers = [HERE.root / name for name in MAKERS]
    parts = [*map(sha256_file, (wheel, archive, *makers)), *modules]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    cached = project.cache / "snapshots" / key
    if not cached.is_dir():
        make(node, [wheel, archive], modules, cached)
    cached.touch()
    for path in files_below(cached):
        if path.name != LIBRARIES:
            shutil.copyfile(path, folder / path.name)
    libraries = json.loads((cached / LIBRARIES).read_text(encoding="utf-8"))
    return Snapshot(MEMORY, integrity(folder / MEMORY), libraries)


def make(node: Node, sources: list[Path], modules: list[str], target: Path) -> None:
    """Take a snapshot into the cache, and drop from it what was not used for longest."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=target.parent))
    script = HERE.root / "tools" / "snapshot.mjs"
    with task("Taking a snapshot of Python with numpy"):
        run("Taking a snapshot of Python", [node.node, script, *sources, fresh, *modules])
    try:
        fresh.rename(target)
    except OSError:
        if not target.is_dir():
            raise
        shutil.rmtree(fresh)  # another build has made the same one meanwhile
    newest = sorted(target.parent.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in newest[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)


def modules_for(python: Path) -> set[str]:
    """Return what a snapshot imports: all that the sources name, as far as it needs no page.

    Those are modules of the standard library, numpy and its parts, and the sources' own. Of those
    that need a page, or import one that does, the snapshot carries the code.
    """
    trees = {
        _module_name(path.relative_to(python)): ast.parse(path.read_text(encoding="utf-8"))
        for path in files_below(python)
        if path.suffix == ".py"
    }
    needed = {name: set(_needed(tree)) for name, tree in trees.items()}
    bound: set[str] = set()
    while more := {name for name, names in needed.items() if names & (PAGE | bound)} - bound:
        bound |= more
    named = {name for tree in trees.values() for name in _named(tree) if _is_wanted(name)}
    return {*NUMPY, *named, *(trees.keys() - bound)}


def _module_name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _named(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "np":
            yield from (f"numpy.{part}" for part in NUMPY_PARTS & {node.attr})


def _needed(tree: ast.AST) -> Iterator[str]:
    """Yield all that a source may import, also as a part of something, and what holds it."""
    for name in _named(tree):
        yield from (name, name.partition(".")[0])
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _is_wanted(name: str) -> bool:
    return name.partition(".")[0] in {*sys.stdlib_module_names, "numpy"}
