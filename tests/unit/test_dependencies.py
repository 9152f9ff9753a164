"""Import rules of the architecture, checked on the sources."""

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cache
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


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(WEB).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in sorted(WEB.rglob("*.py"))}
"""Files of all modules of the page, by name."""
PACKAGES = {name.partition(".")[0] for name in MODULES}


@cache
def imported(path: Path) -> frozenset[str]:
    """Return all imports of a file at any level: modules, and `module.name` for imported names."""
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def imports(path: Path) -> set[str]:
    """Return the top-level packages that a file imports at any level."""
    return {name.partition(".")[0] for name in imported(path)}


def reached(names: Iterable[str]) -> set[str]:
    """Return modules of the page with their transitive imports."""
    found, waiting = set[str](), set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= (imported(MODULES[name]) & MODULES.keys()) - found
    return found


def offenders(files: Iterable[Path], forbidden: set[str]) -> dict[str, set[str]]:
    found = {str(path.relative_to(ROOT)): imports(path) & forbidden for path in files}
    return {path: names for path, names in found.items() if names}


def strangers(files: Iterable[Path], allowed: set[str]) -> dict[str, set[str]]:
    found = {str(path.relative_to(ROOT)): imports(path) - allowed for path in files}
    return {path: names for path, names in found.items() if names}


def sources(*packages: str) -> Iterator[Path]:
    for package in packages:
        yield from (ROOT / package).rglob("*.py")


def outside_host() -> list[Path]:
    return [path for name, path in MODULES.items() if name.partition(".")[0] != "host"]


KINDS = reached(
    ["kinds", *(name for name in MODULES if name.partition(".")[0] in {"inputs", "outputs"})]
)
"""The kinds and their shared modules."""


def test_the_kinds_are_found() -> None:
    assert {"arrays", "card", "framing", "inputs.picture", "outputs.boxes", "pixels"} <= KINDS


def test_kinds_import_numpy_the_standard_library_and_each_other_alone() -> None:
    packages = {name.partition(".")[0] for name in KINDS}
    assert strangers((MODULES[name] for name in KINDS), STANDARD | {"numpy"} | packages) == {}
    assert not packages & {"api", "exhibits", "generated", "host", "kiosk", "main"}


def test_the_page_outside_of_host_imports_numpy_and_the_standard_library_alone() -> None:
    assert strangers(outside_host(), STANDARD | {"numpy"} | PACKAGES) == {}


@pytest.mark.parametrize("exhibit", ["dance", "design"])
def test_most_of_an_exhibit_needs_no_browser(exhibit: str) -> None:
    inside = [name for name in MODULES if name.startswith(f"exhibits.{exhibit}.")]
    pure = [name for name in inside if not any(each.startswith("host") for each in reached([name]))]
    assert len(pure) > 6
    assert strangers((MODULES[name] for name in pure), STANDARD | {"numpy"} | PACKAGES) == {}


def test_the_rules_of_a_kiosk_import_the_standard_library_alone() -> None:
    files = [
        path
        for name, path in MODULES.items()
        if name.startswith("kiosk") and "host" not in imports(path)
    ]
    assert len(files) > 5
    assert strangers(files, STANDARD | {"kiosk"}) == {}


def test_only_host_knows_the_browser() -> None:
    assert offenders(outside_host(), BROWSER) == {}


def test_only_readers_and_recipes_know_frameworks() -> None:
    others = (path for path in sources("converter") if "readers" not in path.parts)
    assert offenders(others, FRAMEWORKS) == {}
    assert offenders(sources("glassbooth", "web/py"), FRAMEWORKS) == {}


def test_the_browser_never_needs_the_converter() -> None:
    assert offenders(sources("web/py"), {"bench", "converter", "glassbooth", "models"}) == {}


def test_the_converter_and_the_builder_know_nothing_of_the_browser_but_the_kinds() -> None:
    page = PACKAGES - {name.partition(".")[0] for name in KINDS}
    assert page >= {"api", "exhibits", "host", "main"}
    assert offenders(sources("converter", "glassbooth"), page | BROWSER) == {}


def test_measurements_need_no_tests() -> None:
    assert offenders(sources("bench", "glassbooth"), {"tests"}) == {}
