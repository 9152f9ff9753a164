from pathlib import Path

import pytest

from glassbooth.dev import recipes
from glassbooth.dev.recipes import make_model, make_models
from glassbooth.errors import BuildError
from glassbooth.project import Project


@pytest.fixture
def checkout(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    for name in ("one", "two-words"):
        (project.models / name).mkdir(parents=True)
        (project.models / name / "recipe.py").write_text(
            "from pathlib import Path\n"
            "import vision\n"
            "Path(__file__).with_name('made').write_text(vision.WORD)\n"
        )
    (project.web / "py").mkdir(parents=True)
    (project.web / "py/vision.py").write_text("WORD = 'seen'\n")
    return project


@pytest.fixture(autouse=True)
def nothing_to_install(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    installed: list[str] = []
    monkeypatch.setattr(recipes, "find_node", lambda _: None)
    monkeypatch.setattr(recipes, "install_npm_packages", lambda *_: None)
    monkeypatch.setattr(recipes, "install_group", lambda _, group: installed.append(group))
    monkeypatch.setattr(recipes, "install_torch", lambda: installed.append("torch"))
    monkeypatch.setattr(recipes, "has_tensorflow", lambda: True)
    return installed


def made(project: Project) -> list[str]:
    return sorted(path.parent.name for path in project.models.glob("*/made"))


def test_a_recipe_finds_the_python_of_the_browser(checkout: Project) -> None:
    make_model(checkout, "one")
    assert (checkout.models / "one/made").read_text() == "seen"


@pytest.mark.parametrize(
    ("names", "expected"), [([], ["one", "two-words"]), (["two-words"], ["two-words"])]
)
def test_the_named_recipes_or_all_are_run(
    checkout: Project, nothing_to_install: list[str], names: list[str], expected: list[str]
) -> None:
    make_models(checkout, names)
    assert made(checkout) == expected
    assert nothing_to_install == ["models", "torch"]


def test_an_unknown_recipe_is_told_before_anything_is_made(checkout: Project) -> None:
    with pytest.raises(BuildError, match="There is no recipe for tow; models/ has one, two-words"):
        make_models(checkout, ["one", "tow"])
    assert made(checkout) == []


def test_a_recipe_that_fails_is_named(checkout: Project) -> None:
    (checkout.models / "one/recipe.py").write_text("raise SystemExit(4)\n")
    with pytest.raises(BuildError, match=r"models/one/recipe\.py failed \(exit status 4\)"):
        make_model(checkout, "one")


def test_a_python_without_tensorflow_is_told(
    checkout: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipes, "has_tensorflow", lambda: False)
    with pytest.raises(BuildError, match=r"delete \.venv and run it again with Python 3\.13"):
        make_models(checkout, [])
