"""Scripts, engine and style sheet of a site, cached until their sources change."""

from __future__ import annotations

import tempfile
from pathlib import Path

from glassbooth import esbuild
from glassbooth.cache import cached_folder, key_of
from glassbooth.hashing import sha256_file, sha256_folder
from glassbooth.kernels import write_modules
from glassbooth.library import PACKAGE, ROOT, SCRIPTS, Library
from glassbooth.node import Node
from glassbooth.plan import Plan


def shared_scripts(library: Library, node: Node) -> Path:
    """Return the folder of the scripts that are the same on every site.

    A wheel ships them; a checkout bundles them from their sources.
    """
    if library.installed:
        return library.scripts
    key = key_of(*_tool_hashes(), sha256_folder(library.web / "js"))
    return cached_folder(
        library.cache / "scripts",
        key,
        lambda folder: esbuild.bundle_scripts(library, node, folder),
    )


def engine(planned: Plan, node: Node) -> Path:
    """Return the folder of the engine, with only the kernels that a booth's models need."""
    library = planned.library
    bundles = [model.folder for model in planned.models.values()]
    with tempfile.TemporaryDirectory() as work:
        modules = write_modules(library, bundles, Path(work))
        named = (modules.kernels, modules.ops)
        key = key_of(*_tool_hashes(), *map(sha256_file, named), sha256_folder(library.web / "js"))
        return cached_folder(
            library.cache / "engines",
            key,
            lambda folder: esbuild.bundle_engine(library, node, modules, folder),
        )


def style(planned: Plan, node: Node) -> Path:
    """Return the folder of the style sheet of a booth's pages."""
    return cached_folder(
        planned.library.cache / "styles",
        key_of(*_tool_hashes(), *map(sha256_file, planned.styles)),
        lambda folder: esbuild.bundle_styles(node, planned.styles, folder),
    )


def _tool_hashes() -> list[str]:
    """Return the hashes of the esbuild tools."""
    makers = (PACKAGE / "esbuild.py", SCRIPTS / "esbuild.mjs", ROOT / "package-lock.json")
    return [*map(sha256_file, makers)]
