"""The converter from Python, as `docs/your-own-model.md` shows it."""

import ast
from pathlib import Path

import pytest

import converter
from tests.converter.building import f32, source


def test_a_model_in_memory_is_inspected_converted_and_checked(tmp_path: Path) -> None:
    found = converter.inspect(source())
    assert (found.nodes, dict(found.ops), found.parameters, found.bytes) == (
        1,
        {"MatMul": 1},
        4,
        16,
    )
    about = converter.About(name="tiny", title="Tiny", source="Written by hand.")
    told: list[str] = []
    made = converter.convert(
        source(),
        tmp_path / "tiny",
        about,
        "none",
        examples=[(f32([[5, 6]]),)],
        budget=0.1,
        progress=told.append,
    )
    assert isinstance(made, converter.Conversion)
    assert [each.passed for each in made.results] == [True] * 4
    assert told[0] == "read"
    report = converter.check(tmp_path / "tiny", source())
    assert report.passed
    assert report.card == made.card


def test_errors_have_one_base(tmp_path: Path) -> None:
    with pytest.raises(converter.ConverterError, match="there is no such file"):
        converter.inspect(tmp_path / "nowhere.onnx")


def test_all_names_exist() -> None:
    assert all(hasattr(converter, name) for name in converter.__all__)


def test_recipes_use_nothing_else() -> None:
    recipes = sorted((Path(converter.__file__).parents[1] / "models").rglob("*.py"))
    assert len(recipes) > 5
    for path in recipes:
        for each in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(each, ast.Import):
                assert not [a.name for a in each.names if a.name.startswith("converter.")], path
            elif isinstance(each, ast.ImportFrom) and each.module == "converter":
                assert {alias.name for alias in each.names} <= set(converter.__all__), path
            elif isinstance(each, ast.ImportFrom) and (each.module or "").startswith("converter."):
                assert (each.module or "").startswith("converter.readers."), path
