"""Writes the wheel's data folder: the files other than Python that building a site needs.

Every file has its path in the checkout (`glassbooth.library`). Of the npm packages it holds the
modules of an engine with every function of TF.js; scripts that are the same on every site are
bundled; esbuild is its WebAssembly build, which runs on every platform.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from glassbooth import archive, esbuild, kernels, snapshot, vendor
from glassbooth.environment import Node
from glassbooth.errors import BuildError
from glassbooth.project import Project
from glassbooth.wheel import find_wheel, wanted_wheel, wheel_cache

WEB = ("index.html", "manifest.webmanifest", "css", "icons", "js", "pages", "py")
SCRIPTS = ("glassbooth/esbuild.mjs", "package.json")
"""Files besides those that snapshots and compiled Python depend on."""
PYODIDE = ("package.json", "pyodide.mjs", "pyodide.asm.mjs", "pyodide-lock.json")
"""Pyodide's files for Node, besides those that pages load."""
ESBUILD = ("package.json", "lib/main.js", "bin/esbuild", "esbuild.wasm")
ESBUILD_GO = ("wasm_exec.js", "wasm_exec_node.js")
LICENCES = ("LICENSE*", "LICENCE*", "NOTICE*")
SOURCE_MAP = re.compile(rb"^//# sourceMappingURL=.*\n?", re.MULTILINE)
"""Source maps are two thirds of the size of TF.js's modules."""
PARITY = "converter/parity.mjs"
BANNER = (
    "import { createRequire as __require } from 'node:module';"
    "import { fileURLToPath as __path } from 'node:url';"
    "const require = __require(import.meta.url);"
    f"const __dirname = __path(new URL('../node_modules/{esbuild.WASM}', import.meta.url));"
)
"""Globals that TF.js's modules for Node expect; `__dirname` is the folder of its WebAssembly."""


def write_data(project: Project, node: Node, folder: Path) -> None:
    """Write the wheel's data into an empty folder.

    Raises:
        BuildError: Something is missing or cannot be bundled.
    """
    for path in sorted({*_files(project), *_engine(project, node)}):
        target = folder / path.relative_to(project.root)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(SOURCE_MAP.sub(b"", path.read_bytes()))
    _copy_esbuild(project, folder / "node_modules" / "esbuild")
    esbuild.bundle_scripts(project, node, folder / "scripts")
    bundle_parity(project, node, folder / PARITY)
    wheel = find_wheel(wanted_wheel(project), wheel_cache(project))
    (folder / "wheels").mkdir()
    shutil.copyfile(wheel, folder / "wheels" / wheel.name)


def _files(project: Project) -> Iterator[Path]:
    """Yield files of the checkout other than those of the engine."""
    for name in WEB:
        path = project.web / name
        yield from [path] if path.is_file() else _below(path)
    yield from (
        project.root / name for name in {*SCRIPTS, *archive.DEPENDENCIES, *snapshot.DEPENDENCIES}
    )
    modules = project.node_modules
    yield from (modules / "pyodide" / name for name in {*PYODIDE, *vendor.PYODIDE_FILES})
    yield modules / "@pyscript/core/package.json"
    yield modules / kernels.METADATA
    yield from (modules / esbuild.WASM / name for name in esbuild.WASM_BINARIES)


def _below(folder: Path) -> Iterator[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return (path for path in found if "__pycache__" not in path.parts)


def _engine(project: Project, node: Node) -> set[Path]:
    """Return the source files of an engine with every function of TF.js."""
    known = json.loads((project.node_modules / kernels.METADATA).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as work:
        modules = kernels.write_modules_for(project, dict.fromkeys(known, ""), Path(work))
        inputs = Path(work) / "inputs.json"
        esbuild.bundle_engine(project, node, modules, Path(work) / "engine", inputs)
        named = map(Path, json.loads(inputs.read_text(encoding="utf-8")))
        return set(with_packages(project, [path for path in named if work not in str(path)]))


def with_packages(project: Project, paths: Iterable[Path]) -> Iterator[Path]:
    """Yield files of npm packages, with the `package.json` and licences of their packages."""
    for path in paths:
        yield path
        for folder in path.parents:
            if not folder.is_relative_to(project.node_modules.resolve()):
                break
            if (folder / "package.json").is_file():
                yield folder / "package.json"
                for pattern in LICENCES:
                    yield from folder.glob(pattern)


def _copy_esbuild(project: Project, folder: Path) -> None:
    source = project.node_modules / "esbuild-wasm"
    for name in (*ESBUILD, *ESBUILD_GO, *(path.name for path in source.glob("LICENSE*"))):
        if not (source / name).is_file():
            raise BuildError(f"{source / name} is missing: delete node_modules and run it again.")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, folder / name)


def bundle_parity(project: Project, node: Node, target: Path) -> None:
    """Bundle the converter's Node script with TF.js."""
    esbuild.build(
        node,
        {
            "entryPoints": [str(project.root / PARITY)],
            "outfile": str(target),
            "bundle": True,
            "minify": True,
            "platform": "node",
            "format": "esm",
            "target": "node20",
            "mainFields": ["module", "main"],
            "banner": {"js": BANNER},
            "legalComments": "eof",
        },
    )
