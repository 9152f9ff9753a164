import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from glassbooth.dev import venv
from glassbooth.errors import BuildError
from glassbooth.project import Project

Started = list[tuple[str, list[str]]]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """Records every program that would replace this process."""
    recorded: Started = []
    monkeypatch.setattr(os, "execv", lambda path, argv: recorded.append((str(path), argv)))
    return recorded


def test_inside_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: Started
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    venv.enter(Project(tmp_path), tmp_path / "build.py", [])
    assert started == []
    assert not (tmp_path / ".venv").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there, a child process takes over")
def test_outside_it_is_made_once_and_entered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: Started
) -> None:
    python = venv.venv_python(tmp_path / ".venv")
    made: list[Path] = []

    def create(folder: Path) -> None:
        made.append(folder)
        python.parent.mkdir(parents=True)
        python.touch()

    monkeypatch.setattr(venv, "create", create)
    for _ in range(2):
        venv.enter(Project(tmp_path), tmp_path / "build.py", ["serve", "--port", "1"])
    command = [str(python), str(tmp_path / "build.py"), "serve", "--port", "1"]
    assert started == [(str(python), command)] * 2
    assert made == [tmp_path / ".venv"]


def test_a_python_without_venv_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(BuildError, match="apt install python3-venv"):
        venv.create(tmp_path / ".venv")


def test_a_half_made_one_does_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(command: list[Any], **_: Any) -> Any:
        Path(command[-1]).mkdir()
        return subprocess.CompletedProcess(command, 1, stdout="", stderr="ensurepip died")

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(BuildError, match=r"Making \.venv failed:\nensurepip died"):
        venv.create(tmp_path / ".venv")
    assert not (tmp_path / ".venv").exists()
