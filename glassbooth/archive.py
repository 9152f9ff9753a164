"""Zip archives of Python modules; equal sources give identical bytes."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from glassbooth.cache import cached_folder, key_of
from glassbooth.hashing import sha256_file
from glassbooth.library import ROOT, SCRIPTS, Library
from glassbooth.node import Node
from glassbooth.process import run

ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The oldest timestamp that a zip archive can hold."""
COMPILED = "python.zip"
DEPENDENCIES = ("glassbooth/compiler.mjs", "glassbooth/byte_compile.py", "package-lock.json")
"""Files that the compiled modules depend on, besides their sources."""


def write_python(library: Library, node: Node, sources: Mapping[str, Path], target: Path) -> None:
    """Write a site's Python modules, byte-compiled by Pyodide, as a zip archive.

    The archive is cached until the sources change.

    Args:
        library: Holds the cache.
        node: Runs Pyodide.
        sources: Files by their path on the page.
        target: The archive.

    Raises:
        BuildError: A module does not compile.
    """
    with tempfile.TemporaryDirectory() as work:
        packed = Path(work) / "sources.zip"
        pack(sources, packed)
        key = key_of(*map(sha256_file, (packed, *(ROOT / name for name in DEPENDENCIES))))
        made = cached_folder(
            library.cache / "python",
            key,
            lambda folder: compile_archive(node, packed, folder / COMPILED),
        )
    shutil.copyfile(made / COMPILED, target)


def compile_archive(node: Node, sources: Path, target: Path) -> None:
    """Write an archive of byte-compiled modules."""
    script = SCRIPTS / "compiler.mjs"
    run("Compiling the Python modules", [node.node, script, sources, target])


def pack(sources: Mapping[str, Path], target: Path) -> None:
    """Pack files under their paths on the page."""
    with zipfile.ZipFile(target, "w") as archive:
        for name, path in sorted(sources.items()):
            member = zipfile.ZipInfo(name, ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, path.read_bytes(), compresslevel=9)
