"""What a page loads of Pyodide beside its script."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tools.errors import BuildError
from tools.project import Project
from tools.wheel import Wheel

PYODIDE_FILES = ("pyodide.asm.wasm", "python_stdlib.zip")
SPARE = (".whl", "python_stdlib.zip")
"""How the files end that are needed only where Python starts without its snapshot."""


def copy_pyodide(project: Project, wheel: Wheel, wheel_file: Path, folder: Path) -> None:
    """Write Pyodide's binary and library, the numpy wheel and a lock that knows nothing else."""
    source = project.node_modules / "pyodide"
    for name in PYODIDE_FILES:
        shutil.copyfile(_existing(source / name), folder / name)
    shutil.copyfile(wheel_file, folder / wheel.name)
    lock = json.loads((source / "pyodide-lock.json").read_text(encoding="utf-8"))
    lock["packages"] = {"numpy": lock["packages"]["numpy"]}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock, indent=1), encoding="utf-8")


def package_version(project: Project, package: str) -> str:
    """Return the version of an installed npm package."""
    path = _existing(project.node_modules / package / "package.json")
    return str(json.loads(path.read_text(encoding="utf-8"))["version"])


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise BuildError(f"{path} is missing: delete node_modules and run it again.")
    return path
