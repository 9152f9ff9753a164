import json
from pathlib import Path

import pytest

from glassbooth.errors import BuildError
from glassbooth.project import Project
from glassbooth.vendor import copy_pyodide, package_version
from glassbooth.wheel import Wheel


def write(root: Path, files: dict[str, str]) -> Project:
    for name, text in files.items():
        path = root / "node_modules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Project(root)


def test_pyodide_gets_a_lock_that_knows_only_numpy(tmp_path: Path) -> None:
    lock = {"info": {"python": "3.14.0"}, "packages": {"numpy": {"file_name": "n.whl"}, "pip": {}}}
    project = write(
        tmp_path,
        {
            "pyodide/pyodide-lock.json": json.dumps(lock),
            "pyodide/pyodide.asm.wasm": "b",
            "pyodide/python_stdlib.zip": "c",
        },
    )
    (tmp_path / "kept").write_text("numpy")
    target = tmp_path / "out"
    target.mkdir()
    copy_pyodide(project, Wheel("n.whl", "", ""), tmp_path / "kept", target)
    assert json.loads((target / "pyodide-lock.json").read_text()) == {
        "info": {"python": "3.14.0"},
        "packages": {"numpy": {"file_name": "n.whl"}},
    }
    assert (target / "n.whl").read_text() == "numpy"
    assert (target / "pyodide.asm.wasm").read_text() == "b"


def test_a_package_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"pyodide/package\.json is missing: delete node_modules"):
        package_version(Project(tmp_path), "pyodide")
