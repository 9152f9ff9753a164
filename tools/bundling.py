"""JavaScript and CSS, bundled and minified by esbuild."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tools.environment import Node
from tools.errors import BuildError
from tools.kernels import Modules
from tools.process import run
from tools.project import HERE, Project

TARGET = "es2022"
"""Chrome 94, Firefox 93, Safari 16.4: all have what the engine needs, SIMD included."""
WASM = "@tensorflow/tfjs-backend-wasm/dist"
THREADED = "tfjs-backend-wasm-threaded-simd.wasm"
THREADED_SCRIPT = "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js"
WASM_BINARIES = ("tfjs-backend-wasm-simd.wasm", THREADED)
"""For one thread, and for several where the page is isolated from other origins."""
LOOKS = re.compile(rb"\x41\xc0\x84\x3d(?=\x21.\x20.\x41\x02\x71)", re.DOTALL)
"""``i32.const 1000000`` before the test of a flag: how often a thread of XNNPACK's pool looks for
new work before it sleeps (``wait_for_new_command`` of pthreadpool)."""
FEW_LOOKS = b"\x41\xe8\x87\x00"
"""``i32.const 1000``, in as many bytes."""

PYSCRIPT = "@pyscript/core/src"
POLYSCRIPT = "polyscript/esm"
NOT_ON_THE_PAGE = {
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
"""Modules of PyScript's that a page with one plain script does not use, and what stands for them:
its package for Python (every start would write its sources, and compile them), MicroPython, the
plug-ins, the script of its workers, other archives and configurations."""

Options = dict[str, Any]


def bundle_app(project: Project, node: Node, folder: Path) -> None:
    """Write `boot.js`, `python.js` (PyScript's interpreter) and `style.css` into `folder`."""
    page = [project.web / "js" / name for name in ("boot.js", "python.js")]
    style = [project.web / "style.css"]
    # What a style sheet points to lies beside it, under a path that is kept as it is.
    kept = {"external": ["icons/*", "./icons/*"]}
    esbuild(node, _options(page, folder), {**_options(style, folder), **kept})


def bundle_engine(project: Project, node: Node, modules: Modules, folder: Path) -> None:
    """Write `engine.js`, `worker.js` and the WebAssembly binaries into `folder`.

    The worker and, where there is none, the page import one and the same `engine.js`.
    """
    js = project.web / "js"
    engine = {
        "alias": {
            "glassbooth-kernels": str(modules.kernels),
            "@tensorflow/tfjs-core/dist/ops/ops_for_converter": str(modules.ops),
        },
        # Functions that no model needs are undefined on purpose.
        "logOverride": {"import-is-undefined": "silent"},
    }
    worker = {"external": ["./engine.js"]}
    threaded = project.node_modules / THREADED_SCRIPT
    esbuild(
        node,
        {
            **_options([js / "engine.js"], folder),
            **engine,
            "replaced": {str(threaded.resolve()): with_fewer_threads(threaded.read_text())},
        },
        {**_options([js / "worker.js"], folder), **worker},
    )
    binaries = {name: (project.node_modules / WASM / name).read_bytes() for name in WASM_BINARIES}
    binaries[THREADED] = with_short_waits(binaries[THREADED])
    for name, binary in binaries.items():
        (folder / name).write_bytes(binary)


def with_fewer_threads(script: str) -> str:
    """Return TF.js's script for several threads, which starts eight, with as many as it uses.

    Those are half of the cores that it finds, as `claimThreads` in `web/js/threads.js` lets it.

    Raises:
        BuildError: it is not the script that this is made for.
    """
    eight = "var pthreadPoolSize=8;"
    if script.count(eight) != 1:
        raise BuildError(f"{THREADED_SCRIPT} has no {eight!r}: look where it starts threads now.")
    return script.replace(eight, "var pthreadPoolSize=navigator.hardwareConcurrency>>1;")


def with_short_waits(binary: bytes) -> bytes:
    """Return TF.js's binary for several threads, whose threads sleep when there is nothing to do.

    Between two operations of a network they would keep a core busy that the page needs too.

    Raises:
        BuildError: it is not the binary that this is made for.
    """
    made, count = LOOKS.subn(FEW_LOOKS, binary)
    if count != 1:
        raise BuildError(f"{THREADED} waits in {count} places: look how its threads wait now.")
    return made


def bundle_pyodide(project: Project, node: Node, folder: Path) -> None:
    """Write `pyodide.js` into `folder`: a plain script that defines the global `Pyodide`."""
    plain = {
        "format": "iife",
        "globalName": "Pyodide",
        "define": {"import.meta.url": "document.baseURI"},
        "external": ["node:*", "ws"],
    }
    esbuild(node, {**_options([project.web / "js" / "pyodide.js"], folder), **plain})


def bundle_pyscript(project: Project, node: Node, folder: Path) -> None:
    """Write PyScript's `core.js` into `folder`, without what a plain script does not use."""
    modules = project.node_modules
    source = [modules / PYSCRIPT / "core.js"]
    replaced = {str((modules / name).resolve()): text for name, text in NOT_ON_THE_PAGE.items()}
    esbuild(node, {**_options(source, folder), "replaced": replaced})


def bundle_service_worker(project: Project, node: Node, target: Path) -> None:
    """Write the service worker to `target`, with its placeholders still in it."""
    source = [project.web / "js" / "sw.js"]
    plain = {
        "format": "iife",
        "define": {"process.env.NODE_ENV": '"production"'},
        "outfile": str(target),
        "outdir": None,
    }
    esbuild(node, {**_options(source, target.parent), **plain})


def esbuild(node: Node, *jobs: Options) -> None:
    """Run esbuild once for each set of its build options; `None` takes an option away.

    Raises:
        BuildError: a source is missing or does not compile.
    """
    cleaned = [{key: value for key, value in job.items() if value is not None} for job in jobs]
    for job in cleaned:
        for source in map(Path, job["entryPoints"]):
            if not source.is_file():
                raise BuildError(f"{source} is missing: restore it (git checkout) and build again.")
    run("Bundling", [node.node, HERE.root / "tools" / "bundle.mjs"], stdin=json.dumps(cleaned))


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
