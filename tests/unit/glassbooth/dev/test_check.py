import json
from pathlib import Path

import pytest

from glassbooth.dev import check
from glassbooth.dev.steps import Step
from glassbooth.environment import Node
from glassbooth.errors import BuildError
from glassbooth.project import HERE, Project

NODE = Node(Path("node"), Path("npm"))


def test_every_language_is_checked() -> None:
    names = [step.name for step in check.checks(HERE, NODE)]
    assert names == ["ruff check", "ruff format", "mypy", "tsc", "biome"]


def test_the_tools_are_pinned() -> None:
    pinned = json.loads((HERE.root / "package.json").read_text())["devDependencies"]
    assert {"@biomejs/biome", "typescript"} <= set(pinned)
    schema = json.loads((HERE.root / "biome.json").read_text())["$schema"]
    assert pinned["@biomejs/biome"] in schema


@pytest.mark.parametrize(("fix", "expected"), [(False, ["checks"]), (True, ["fixes", "checks"])])
def test_files_are_changed_only_if_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fix: bool, expected: list[str]
) -> None:
    done: list[str] = []

    def perform() -> str:
        done.append("checks")
        return ""

    monkeypatch.setattr(check, "prepare", lambda _: NODE)
    monkeypatch.setattr(check, "fix_all", lambda *_: done.append("fixes"))
    monkeypatch.setattr(check, "checks", lambda *_: [Step("mypy", perform)])
    assert check.run_check(Project(tmp_path), fix) == 0
    assert done == expected


def test_one_failed_check_fails_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> str:
        raise BuildError("web/js/boot.js: unused")

    monkeypatch.setattr(check, "prepare", lambda _: NODE)
    steps = [Step("biome", fail), Step("mypy", lambda: "")]
    monkeypatch.setattr(check, "checks", lambda *_: steps)
    assert check.run_check(Project(tmp_path), fix=False) == 1
    assert capsys.readouterr().out.rstrip().endswith("Failed: biome")
