import ast
import json

import pytest

from bench import peers
from glassbooth.project import HERE

PY = HERE.web / "py"
PAGES = HERE.root / "bench/pages"
PAGE = """<script type="application/json" id="site">{}</script>
<script type="module" src="boot.js"></script>
<section class="page model" id="/identify" aria-labelledby="identify-title">
<template><div id="results"></div></template></section>
<section class="page model" id="/detect"><template><div id="results"></div></template></section>
<script type="py" src="main.py"></script>"""


def test_a_page_without_scripts_has_the_elements_of_one_exhibit() -> None:
    bare = peers.without_scripts(PAGE, "identify")
    assert bare.count('id="results"') == 1
    assert bare.index('id="results"') < bare.index('id="/detect"')
    assert "<template>" not in bare
    assert "boot.js" not in bare
    assert "main.py" not in bare
    assert 'id="site"' in bare


def imported(source: str) -> set[str]:
    """Return the modules of `web/py` that a file imports, by path below it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {path for name in found if (PY / (path := f"{name.replace('.', '/')}.py")).is_file()}


def test_the_page_of_pyscript_fetches_all_that_it_imports() -> None:
    files = json.loads((PAGES / "pyscript.json").read_text(encoding="utf-8"))["files"]
    fetched = {path for path in files.values() if path != "peer.py"}
    needed = imported((PAGES / "peer.py").read_text(encoding="utf-8"))
    waiting = set(needed)
    while waiting:
        more = imported((PY / waiting.pop()).read_text(encoding="utf-8"))
        waiting |= more - needed
        needed |= more
    packages = {f"{path.partition('/')[0]}/__init__.py" for path in needed if "/" in path}
    assert fetched == needed | packages


@pytest.mark.parametrize("name", ["javascript", "onnxruntime", "pyscript"])
def test_the_pages_of_peers_have_the_elements_that_their_scripts_use(name: str) -> None:
    page = (PAGES / f"{name}.html").read_text(encoding="utf-8")
    for element in ("digit-ink", "answer", "photo-file", "given", "guesses"):
        assert f'id="{element}"' in page
