"""Zip files of Python modules; equal sources give an equal archive, byte by byte."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path

from tools.environment import Node
from tools.hashing import files_below, sha256_file
from tools.process import run
from tools.project import HERE, Project

ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The oldest time that a zip archive can hold."""
MAKERS = ("tools/compiler.mjs", "tools/library.py", "package-lock.json")
"""What compiled modules depend on, beside their sources."""


def write_python(project: Project, node: Node, target: Path, only: tuple[str, ...] = ("",)) -> None:
    """Pack the site's Python modules, compiled by the Python of the page.

    What was compiled before is kept in the cache until the sources change.

    Args:
        project: whose modules.
        node: runs that Python.
        target: the archive.
        only: how the path of a packed file may begin.

    Raises:
        BuildError: a module does not compile.
    """
    folder = project.cache / "build"
    folder.mkdir(parents=True, exist_ok=True)
    sources = folder / "sources.zip"
    pack(project.web / "py", sources, only)
    parts = map(sha256_file, (sources, *(HERE.root / name for name in MAKERS)))
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    name = hashlib.sha256("\n".join(only).encode()).hexdigest()[:8]
    compiled = folder / f"python-{name}-{key}.zip"
    if not compiled.is_file():
        for old in folder.glob(f"python-{name}-*.zip"):
            old.unlink(missing_ok=True)
        compile_archive(node, sources, compiled)
    shutil.copyfile(compiled, target)


def compile_archive(node: Node, sources: Path, target: Path) -> None:
    """Write an archive of byte-compiled modules."""
    script = HERE.root / "tools" / "compiler.mjs"
    run("Compiling the Python modules", [node.node, script, sources, target])


def pack(source: Path, target: Path, only: tuple[str, ...] = ("",)) -> None:
    """Pack the Python sources below a folder whose paths begin in one of some ways."""
    with zipfile.ZipFile(target, "w") as archive:
        for path in files_below(source):
            name = path.relative_to(source).as_posix()
            if path.suffix != ".py" or not name.startswith(only):
                continue
            member = zipfile.ZipInfo(name, ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, path.read_bytes(), compresslevel=9)
