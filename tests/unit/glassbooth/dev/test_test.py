import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from glassbooth.dev import browser
from glassbooth.dev import test as module
from glassbooth.dev.steps import Step
from glassbooth.dev.test import run_everything, run_pytest
from glassbooth.errors import BuildError
from glassbooth.project import Project


def broken(text: str) -> Step:
    def perform() -> str:
        raise BuildError(text)

    return Step("unit tests", perform, counted=True)


def test_the_last_line_sums_up_and_one_failure_fails_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good = Step("vision in Pyodide", lambda: "5 passed, 1 skipped in 1.00s", counted=True)
    lint = Step("ruff", lambda: "")
    monkeypatch.setattr(module, "prepare", lambda _: None)

    monkeypatch.setattr(module, "steps", lambda *_: [lint, good, good])
    assert run_everything(Project(tmp_path)) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "10 passed, 0 failed"

    monkeypatch.setattr(module, "steps", lambda *_: [broken("1 failed in 0.10s"), good])
    assert run_everything(Project(tmp_path)) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2:] == ["Failed: unit tests", "5 passed, 1 failed"]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Records what would be installed or built, in order."""
    done: list[str] = []

    def find_chromium() -> str:
        done.append("chromium")
        return "/usr/bin/chromium"

    monkeypatch.setattr(module, "install_group", lambda _, group: done.append(group))
    monkeypatch.setattr(module, "install_torch", lambda: done.append("torch"))
    monkeypatch.setattr(module, "find_node", lambda _: done.append("node"))
    monkeypatch.setattr(module, "install_npm_packages", lambda *_: done.append("npm"))
    monkeypatch.setattr(module, "wanted_wheel", lambda _: None)
    monkeypatch.setattr(module, "find_wheel", lambda *_: done.append("wheel"))
    monkeypatch.setattr(module, "build_site", lambda *_: done.append("site"))
    monkeypatch.setattr(module, "has_tensorflow", lambda: True)
    monkeypatch.setattr(browser, "find_chromium", find_chromium)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=0))
    return done


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("tests/unit", ["test", "node", "npm", "wheel"]),
        ("tests/unit/inputs", ["test"]),
        ("tests/converter", ["test", "node", "npm", "models", "torch"]),
        ("tests/e2e", ["test", "node", "npm", "wheel", "node", "site", "chromium"]),
    ],
)
def test_no_more_is_installed_than_a_path_needs(
    tmp_path: Path, installed: list[str], folder: str, expected: list[str]
) -> None:
    (tmp_path / folder).mkdir(parents=True)
    assert run_pytest(Project(tmp_path), [folder]) == 0
    assert installed == expected


def test_nothing_is_installed_for_a_path_that_is_not_there(
    tmp_path: Path, installed: list[str]
) -> None:
    with pytest.raises(BuildError, match="There is no tests/unti"):
        run_pytest(Project(tmp_path), ["tests/unti"])
    assert installed == []
