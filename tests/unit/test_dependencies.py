"""The dependency rules of the design, read off the sources."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web/py"
BROWSER = {"js", "pyodide", "pyodide_js", "pyscript"}
FRAMEWORKS = {
    "keras",
    "onnx",
    "onnxruntime",
    "onnxscript",
    "onnxslim",
    "tensorflow",
    "tensorflowjs",
    "torch",
}
STANDARD = set(sys.stdlib_module_names)


def imports(path: Path) -> set[str]:
    """Return the top-level packages that a file imports anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def offenders(files: Iterator[Path], forbidden: set[str]) -> dict[str, set[str]]:
    found = {str(path.relative_to(ROOT)): imports(path) & forbidden for path in files}
    return {path: names for path, names in found.items() if names}


def test_vision_imports_numpy_and_the_standard_library_alone() -> None:
    allowed = STANDARD | {"numpy", "vision"}
    files = sorted((WEB / "vision").rglob("*.py"))
    assert files
    assert {str(path): imports(path) - allowed for path in files} == {
        str(path): set() for path in files
    }


def test_the_rules_of_a_kiosk_import_the_standard_library_alone() -> None:
    files = sorted((WEB / "kiosk").rglob("*.py"))
    assert files
    assert {str(path): imports(path) - STANDARD - {"kiosk"} for path in files} == {
        str(path): set() for path in files
    }


def test_only_host_and_main_know_the_browser() -> None:
    others = (path for path in WEB.rglob("*.py") if "host" not in path.parts)
    assert offenders((path for path in others if path.name != "main.py"), BROWSER) == {}


def test_only_readers_and_recipes_know_frameworks() -> None:
    converter = (
        path for path in (ROOT / "converter").rglob("*.py") if path.parent.name != "readers"
    )
    assert offenders(converter, FRAMEWORKS) == {}
    assert offenders(WEB.rglob("*.py"), FRAMEWORKS) == {}


def test_the_browser_never_needs_the_converter() -> None:
    assert offenders(WEB.rglob("*.py"), {"converter", "tools"}) == {}


@pytest.mark.parametrize("package", ["host", "exhibits", "main"])
def test_the_converter_knows_nothing_of_the_browser_but_vision(package: str) -> None:
    assert offenders((ROOT / "converter").rglob("*.py"), {package, *BROWSER}) == {}
