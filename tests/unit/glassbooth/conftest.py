import json
import shutil
from pathlib import Path

import pytest

from glassbooth import archive, snapshot
from glassbooth.environment import Node, node_on_path
from glassbooth.project import HERE, Project
from glassbooth.wheel import find_wheel, wanted_wheel, wheel_cache
from tests.unit.glassbooth.booths import SOURCES, TOPOLOGY, write, write_card


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A small booth with its own library, and this checkout's npm packages."""
    write(tmp_path, SOURCES)
    (tmp_path / "node_modules").symlink_to(HERE.node_modules, target_is_directory=True)
    made = Project(tmp_path)
    for name in ("tiny", "other"):
        topology = json.dumps({"modelTopology": TOPOLOGY})
        (made.models / name / "model.json").write_text(topology)
        write_card(made.models / name)
    return made


@pytest.fixture(scope="session")
def node() -> Node:
    found = node_on_path()
    assert found, "python build.py test puts Node on PATH"
    return found


@pytest.fixture
def cached_wheel(project: Project) -> None:
    """The real numpy wheel in the project's cache."""
    kept = find_wheel(wanted_wheel(HERE), wheel_cache(HERE))
    wheel_cache(project).mkdir(parents=True)
    shutil.copyfile(kept, wheel_cache(project) / kept.name)


@pytest.fixture
def quick_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fake snapshot and compilation, which take 10 s and 2 s; browser tests use real ones."""

    def make(node: Node, sources: list[Path], modules: list[str], target: Path) -> None:
        target.mkdir(parents=True)
        (target / "memory.wasm").write_bytes(sources[1].read_bytes())
        (target / "one.wasm").write_bytes(b"library")
        (target / "libraries.json").write_text('{"/one.so": "one.wasm"}')

    def compile_archive(node: Node, sources: Path, target: Path) -> None:
        target.write_bytes(sources.read_bytes())

    monkeypatch.setattr(snapshot, "make", make)
    monkeypatch.setattr(archive, "compile_archive", compile_archive)
