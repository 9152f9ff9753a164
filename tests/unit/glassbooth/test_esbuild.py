import re
from pathlib import Path

import pytest

from glassbooth.environment import Node
from glassbooth.errors import BuildError
from glassbooth.esbuild import (
    build,
    bundle_engine,
    bundle_pyodide,
    bundle_pyscript,
    bundle_service_worker,
    with_fewer_threads,
    with_short_waits,
)
from glassbooth.kernels import write_modules
from glassbooth.process import run
from glassbooth.project import HERE, Project


def test_the_engine_has_only_what_a_model_needs(
    project: Project, node: Node, tmp_path: Path
) -> None:
    folder = tmp_path / "engine"
    bundle_engine(
        HERE,
        node,
        write_modules(project, [project.models / "tiny"], project.cache / "build"),
        folder,
    )
    # With every kernel and function of TF.js it would be over a megabyte.
    assert 300_000 < (folder / "engine.js").stat().st_size < 650_000


def test_worker_and_page_share_one_engine(project: Project, node: Node, tmp_path: Path) -> None:
    folder = tmp_path / "engine"
    bundle_engine(
        project,
        node,
        write_modules(project, [project.models / "tiny"], project.cache / "build"),
        folder,
    )
    worker = (folder / "worker.js").read_text()
    assert 'from"./engine.js"' in worker
    assert len(worker) < 100
    for name in ("tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm-threaded-simd.wasm"):
        assert (folder / name).read_bytes()[:4] == b"\0asm"


def test_no_more_threads_start_than_compute() -> None:
    made = with_fewer_threads("before();var pthreadPoolSize=8;while(pthreadPoolSize--){more()}")
    assert made == (
        "before();var pthreadPoolSize=navigator.hardwareConcurrency>>1;"
        "while(pthreadPoolSize--){more()}"
    )
    with pytest.raises(BuildError, match="look where it starts threads now"):
        with_fewer_threads("var pthreadPoolSize=4;")


def test_threads_that_have_nothing_to_do_sleep_soon(tmp_path: Path, node: Node) -> None:
    folder = HERE.node_modules / "@tensorflow/tfjs-backend-wasm/dist"
    binary = (folder / "tfjs-backend-wasm-threaded-simd.wasm").read_bytes()
    made = with_short_waits(binary)
    assert sum(one != other for one, other in zip(made, binary, strict=True)) == 3
    kept = tmp_path / "made.wasm"
    kept.write_bytes(made)
    compiled = "import fs from 'node:fs'; new WebAssembly.Module(fs.readFileSync(process.argv[1]));"
    run("Compiling", [node.node, "--input-type=module", "-e", compiled, kept])
    with pytest.raises(BuildError, match="waits in 0 places: look how"):
        with_short_waits(made)


def test_pyodide_is_one_plain_script(node: Node, tmp_path: Path) -> None:
    bundle_pyodide(HERE, node, tmp_path)
    (made,) = tmp_path.iterdir()
    text = made.read_text()
    assert text.startswith('"use strict";var Pyodide=')
    assert "import.meta" not in text  # it has no meaning in a plain script


def test_pyscript_is_one_script_for_python_alone(node: Node, tmp_path: Path) -> None:
    bundle_pyscript(HERE, node, tmp_path)
    (made,) = tmp_path.iterdir()
    text = made.read_text()
    assert len(text) < 60_000  # as it is published, it is 136,000
    assert not re.search(r"""import\(["']\.|from["']""", text)  # nothing more comes
    assert "micropython" not in text


def test_the_service_worker_is_one_plain_script(
    project: Project, node: Node, tmp_path: Path
) -> None:
    (project.web / "js/sw.js").write_text(
        "import { two } from './shared.js';\n"
        "if (process.env.NODE_ENV === 'production') self.both = [two, __PRECACHE__];\n"
    )
    bundle_service_worker(project, node, tmp_path / "sw.js")
    assert (tmp_path / "sw.js").read_text() == "(()=>{self.both=[2,__PRECACHE__];})();\n"


def test_a_source_that_does_not_compile_is_shown(node: Node, tmp_path: Path) -> None:
    source = tmp_path / "a.js"
    source.write_text("const = 1;\n")
    with pytest.raises(BuildError, match=r'Expected identifier but found "="[\s\S]*a\.js:1:6'):
        build(node, {"entryPoints": [str(source)], "outdir": str(tmp_path / "out")})
