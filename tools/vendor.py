"""The parts of Pyodide that a page loads."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from tools.errors import BuildError
from tools.project import Project
from tools.wheel import Wheel

PYODIDE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
SPARE = (".whl", "python_stdlib.zip")
"""How the files end that are needed only where Python starts without its snapshot."""
_SOURCE_MAP = re.compile(rb"\n?//# sourceMappingURL=\S+\s*$")


def copy_pyodide(project: Project, wheel: Wheel, wheel_file: Path, folder: Path) -> None:
    """Write Pyodide's core, the numpy wheel and a lock that knows nothing else."""
    source = project.node_modules / "pyodide"
    for name in PYODIDE_FILES:
        copy_script(_existing(source / name), folder / name)
    shutil.copyfile(wheel_file, folder / wheel.name)
    lock = json.loads((source / "pyodide-lock.json").read_text(encoding="utf-8"))
    lock["packages"] = {"numpy": lock["packages"]["numpy"]}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock, indent=1), encoding="utf-8")


def package_version(project: Project, package: str) -> str:
    """Return the version of an installed npm package."""
    path = _existing(project.node_modules / package / "package.json")
    return str(json.loads(path.read_text(encoding="utf-8"))["version"])


def copy_script(source: Path, target: Path) -> None:
    """Copy a file; a script loses the line that points to a source map, which is not shipped."""
    if source.suffix in {".js", ".mjs"}:
        target.write_bytes(_SOURCE_MAP.sub(b"\n", source.read_bytes()))
    else:
        shutil.copyfile(source, target)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise BuildError(f"{path} is missing: delete node_modules and run it again.")
    return path
