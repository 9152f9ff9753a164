"""Bundles and minifies JavaScript and CSS with esbuild."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from glassbooth.errors import BuildError
from glassbooth.kernels import TfjsModules
from glassbooth.library import SCRIPTS, Library
from glassbooth.node import Node
from glassbooth.process import run

TARGET = "es2022"
"""Chrome 94, Firefox 93, Safari 16.4: all support what the engine needs, SIMD included."""
WASM = "@tensorflow/tfjs-backend-wasm/dist"
THREADED = "tfjs-backend-wasm-threaded-simd.wasm"
THREADED_SCRIPT = "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js"
WASM_BINARIES = ("tfjs-backend-wasm-simd.wasm", THREADED)
"""For one thread, and for several where the page is cross-origin isolated."""
SPIN_COUNT = re.compile(rb"\x41\xc0\x84\x3d(?=\x21.\x20.\x41\x02\x71)", re.DOTALL)
"""``i32.const 1000000`` before a flag test: how often a thread of XNNPACK's pool polls for new
work before it sleeps (``wait_for_new_command`` of pthreadpool)."""
SHORT_SPIN_COUNT = b"\x41\xe8\x87\x00"
"""``i32.const 1000``, encoded in the same number of bytes."""

PYSCRIPT = "@pyscript/core/src"
POLYSCRIPT = "polyscript/esm"
STUBBED_MODULES = {
    f"{PYSCRIPT}/stdlib.js": "export const stdlib = '', optional = '';",
    f"{PYSCRIPT}/types.js": "export default new Map([['py', 'pyodide']]);",
    f"{PYSCRIPT}/plugins.js": "export default {};",
    f"{PYSCRIPT}/plugins/codemirror.js": "export default {};",
    f"{PYSCRIPT}/plugins/donkey.js": "export default undefined;",
    f"{POLYSCRIPT}/interpreter/micropython.js": "export default { type: [] };",
    f"{POLYSCRIPT}/interpreter/pyodide_graph.js": "export default {};",
    f"{POLYSCRIPT}/worker/xworker.js": "export default undefined;",
    f"{POLYSCRIPT}/3rd-party.js": "export const toml = undefined, zip = undefined;",
}
"""Stubs for PyScript modules that a page with one plain script does not use: its Python package
(whose sources every start would write and compile), MicroPython, plug-ins, the worker script, and
support for TOML and zip."""

Options = dict[str, Any]


def bundle_scripts(library: Library, node: Node, folder: Path) -> None:
    """Write the scripts that are the same on every site, where `site.py` expects them."""
    bundle_app(library, node, folder / "app")
    bundle_pyodide(library, node, folder / "pyodide")
    bundle_pyscript(library, node, folder / "pyscript")
    bundle_service_worker(library, node, folder / "sw.js")


def bundle_app(library: Library, node: Node, folder: Path) -> None:
    """Write `boot.js` and `python.js` (PyScript's interpreter) into `folder`."""
    page = [library.web / "js" / name for name in ("boot.js", "python.js")]
    build(node, _options(page, folder))


def bundle_styles(node: Node, styles: Sequence[Path], folder: Path) -> None:
    """Bundle style sheets in order into `style.css` in `folder`."""
    with tempfile.TemporaryDirectory() as work:
        style = Path(work) / "style.css"
        style.write_text(
            "".join(f'@import "{path.as_posix()}";\n' for path in styles), encoding="utf-8"
        )
        # Icons lie beside the style sheet on the site, so their paths stay unchanged.
        unresolved = {"external": ["icons/*", "./icons/*"]}
        build(node, {**_options([style], folder), **unresolved})


def bundle_engine(
    library: Library, node: Node, modules: TfjsModules, folder: Path, inputs: Path | None = None
) -> None:
    """Write `engine.js`, `worker.js` and the WebAssembly binaries into `folder`.

    The worker and, without a worker, the page import the same `engine.js`.

    Args:
        library: Holds TF.js.
        node: Runs esbuild.
        modules: Generated modules with the parts of TF.js that the models need.
        folder: Output folder.
        inputs: File for the JSON list of the modules that `engine.js` was bundled from.
    """
    js = library.web / "js"
    engine = {
        "alias": {
            "glassbooth-kernels": str(modules.kernels),
            "@tensorflow/tfjs-core/dist/ops/ops_for_converter": str(modules.ops),
        },
        # The two modules above may lie outside the library.
        "nodePaths": [str(library.node_modules)],
        # Functions that no model needs are left undefined on purpose.
        "logOverride": {"import-is-undefined": "silent"},
        "inputs": str(inputs) if inputs else None,
    }
    worker = {"external": ["./engine.js"]}
    threaded = library.node_modules / THREADED_SCRIPT
    build(
        node,
        {
            **_options([js / "engine.js"], folder),
            **engine,
            "replaced": {str(threaded.resolve()): with_fewer_threads(threaded.read_text())},
        },
        {**_options([js / "worker.js"], folder), **worker},
    )
    binaries = {name: (library.node_modules / WASM / name).read_bytes() for name in WASM_BINARIES}
    binaries[THREADED] = with_short_waits(binaries[THREADED])
    for name, binary in binaries.items():
        (folder / name).write_bytes(binary)


def with_fewer_threads(script: str) -> str:
    """Return TF.js's multi-threaded script with a thread pool of half the cores instead of 8.

    TF.js uses half of the cores that it finds; see `claimThreads` in `web/js/threads.js`.

    Raises:
        BuildError: The script does not contain the expected pool size.
    """
    eight = "var pthreadPoolSize=8;"
    if script.count(eight) != 1:
        raise BuildError(f"{THREADED_SCRIPT} has no {eight!r}: look where it starts threads now.")
    return script.replace(eight, "var pthreadPoolSize=navigator.hardwareConcurrency>>1;")


def with_short_waits(binary: bytes) -> bytes:
    """Return TF.js's multi-threaded binary, patched to let idle threads sleep sooner.

    Otherwise they spin between operations and occupy cores that the page needs.

    Raises:
        BuildError: The binary does not contain the expected spin count exactly once.
    """
    made, count = SPIN_COUNT.subn(SHORT_SPIN_COUNT, binary)
    if count != 1:
        raise BuildError(f"{THREADED} waits in {count} places: look how its threads wait now.")
    return made


def bundle_pyodide(library: Library, node: Node, folder: Path) -> None:
    """Write `pyodide.js` into `folder`: a plain script that defines the global `Pyodide`."""
    plain = {
        "format": "iife",
        "globalName": "Pyodide",
        "define": {"import.meta.url": "document.baseURI"},
        "external": ["node:*", "ws"],
    }
    build(node, {**_options([library.web / "js" / "pyodide.js"], folder), **plain})


def bundle_pyscript(library: Library, node: Node, folder: Path) -> None:
    """Write PyScript's `core.js` into `folder`, without the modules in `STUBBED_MODULES`."""
    modules = library.node_modules
    source = [modules / PYSCRIPT / "core.js"]
    replaced = {str((modules / name).resolve()): text for name, text in STUBBED_MODULES.items()}
    build(node, {**_options(source, folder), "replaced": replaced})


def bundle_service_worker(library: Library, node: Node, target: Path) -> None:
    """Write the service worker to `target`; its placeholders are filled later."""
    source = [library.web / "js" / "sw.js"]
    plain = {
        "format": "iife",
        "define": {"process.env.NODE_ENV": '"production"'},
        "outfile": str(target),
        "outdir": None,
    }
    build(node, {**_options(source, target.parent), **plain})


def build(node: Node, *jobs: Options) -> None:
    """Run esbuild once per set of build options; options that are `None` are dropped.

    Raises:
        BuildError: A source is missing or does not compile.
    """
    cleaned = [{key: value for key, value in job.items() if value is not None} for job in jobs]
    for job in cleaned:
        for source in map(Path, job["entryPoints"]):
            if not source.is_file():
                raise BuildError(f"{source} is missing: restore it (git checkout) and build again.")
    # The WebAssembly build of esbuild in a wheel starts `node` from PATH.
    path = os.pathsep.join([str(node.node.parent), os.environ.get("PATH", "")])
    run(
        "Bundling",
        [node.node, SCRIPTS / "esbuild.mjs"],
        env={"PATH": path},
        stdin=json.dumps(cleaned),
    )


def _options(sources: list[Path], folder: Path) -> Options:
    return {
        "entryPoints": [str(source) for source in sources],
        "outdir": str(folder),
        "bundle": True,
        "minify": True,
        "format": "esm",
        "target": TARGET,
        "charset": "utf8",
        "legalComments": "eof",
        "conditions": ["browser"],
    }
