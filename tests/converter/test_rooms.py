"""Import rules between the converter's packages."""

import ast
import typing
from pathlib import Path

import pytest

import converter
from converter.graph import Graph
from converter.passes import PASSES
from converter.passes.sizes import open_sizes

ROOT = Path(converter.__file__).parent


def imports(path: Path) -> set[str]:
    """Return the modules of the converter that a module imports."""
    found = set[str]()
    for each in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(each, ast.ImportFrom) and each.module:
            found |= {each.module, *(f"{each.module}.{alias.name}" for alias in each.names)}
        elif isinstance(each, ast.Import):
            found |= {alias.name for alias in each.names}
    return {each for each in found if each.startswith("converter.")}


@pytest.mark.parametrize("room", ["emit", "analyses", "passes"])
def test_what_all_formats_share_knows_no_format(room: str) -> None:
    files = sorted((ROOT / room).rglob("*.py"))
    assert len(files) > 2
    for path in files:
        assert not {each for each in imports(path) if each.startswith("converter.readers")}, path


@pytest.mark.parametrize("room", ["emit", "analyses"])
def test_what_passes_use_does_not_use_them(room: str) -> None:
    for path in (ROOT / room).rglob("*.py"):
        assert not {each for each in imports(path) if each.startswith("converter.passes")}, path


def test_only_torch_goes_by_way_of_another_format() -> None:
    formats = {"frozen", "keras", "onnx", "saved_model", "tfjs", "torch"}
    crossing = {
        (path.relative_to(ROOT / "readers").parts[0].removesuffix(".py"), name)
        for path in (ROOT / "readers").rglob("*.py")
        for name in formats
        if any(f"{each}.".startswith(f"converter.readers.{name}.") for each in imports(path))
    }
    assert {(here, there) for here, there in crossing if here != there} == {("torch", "onnx")}


def test_passes_take_a_graph_and_return_a_graph() -> None:
    for each in {*PASSES, open_sizes}:
        assert typing.get_type_hints(each) == {"graph": Graph, "return": Graph}
