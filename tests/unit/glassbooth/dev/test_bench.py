import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from glassbooth.dev import bench
from glassbooth.environment import Node
from glassbooth.project import Project


def test_everything_is_there_before_anything_is_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project, node, steps = Project(tmp_path), Node(Path("node"), Path("npm")), list[Any]()

    def prepare(_: Project) -> Node:
        steps.append("prepare")
        return node

    def measure(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        steps.append((command, options["cwd"], options["env"]["PYTHONPATH"]))
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(bench, "prepare", prepare)
    monkeypatch.setattr(bench, "install_group", lambda project, group: steps.append(group))
    monkeypatch.setattr(bench, "build_site", lambda project, node: steps.append(node))
    monkeypatch.setattr(subprocess, "run", measure)
    assert bench.run_bench(project, ["bytes", "--rounds", "1"]) == 3
    command = [sys.executable, "-m", "bench.cli", "bytes", "--rounds", "1"]
    (*before, (ran, where, path)) = steps
    assert before == ["prepare", "models", node]
    assert (ran, where) == (command, tmp_path)
    assert str(tmp_path / "web" / "py") in path
