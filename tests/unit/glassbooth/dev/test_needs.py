from pathlib import Path

import pytest

from glassbooth.dev.needs import EVERYTHING, SITE, TESTS, Needs, needs_of, paths
from glassbooth.errors import BuildError
from glassbooth.project import HERE, Project


def test_every_folder_of_the_table_exists() -> None:
    assert [folder for folder in TESTS if not (HERE.root / folder).is_dir()] == []


def test_every_folder_of_tests_is_in_the_table() -> None:
    folders = {f"tests/{path.name}" for path in (HERE.root / "tests").iterdir() if path.is_dir()}
    assert {each for each in folders if "__" not in each} <= set(TESTS)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-k", "ink", "tests/unit"], ["tests/unit"]),
        (["tests/unit/test_card.py::test_a", "-x"], ["tests/unit/test_card.py"]),
        (["--maxfail", "1", "-vv"], []),
        (["tests/e2e", "tests/unit"], ["tests/e2e", "tests/unit"]),
    ],
)
def test_paths_are_told_from_options(arguments: list[str], expected: list[str]) -> None:
    assert paths(arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["tests/unit/test_card.py"], Needs()),
        (["tests/unit/glassbooth/test_serve.py::test_x"], Needs(node=True, wheel=True)),
        (["tests/unit"], Needs(node=True, wheel=True)),
        (["tests/converter/passes"], Needs(node=True, models=True)),
        (["tests/e2e/test_live.py"], SITE),
        (["tests/unit/test_card.py", "tests/e2e"], SITE),
        (["tests"], EVERYTHING),
        (["-k", "ink"], EVERYTHING),
        ([], EVERYTHING),
        (["web/py"], EVERYTHING),
        (["../other"], EVERYTHING),
    ],
)
def test_needs_come_from_the_folder(tmp_path: Path, arguments: list[str], expected: Needs) -> None:
    root = tmp_path / "clone"
    for path in paths(arguments):
        (root / path).mkdir(parents=True)
    assert needs_of(Project(root), arguments) == expected


def test_a_path_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="There is no tests/unti: give paths of tests"):
        needs_of(Project(tmp_path), ["tests/unti::test_x"])
