"""Copies the Pyodide files that a page loads besides its script."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from glassbooth.errors import BuildError
from glassbooth.library import Library
from glassbooth.wheel import Wheel

PYODIDE_FILES = ("pyodide.asm.wasm", "python_stdlib.zip")
FALLBACK = (".whl", "python_stdlib.zip")
"""Suffixes of files that are needed only if Python starts without its snapshot."""


def copy_pyodide(library: Library, wheel: Wheel, wheel_file: Path, folder: Path) -> None:
    """Write Pyodide's binary and standard library, the numpy wheel and a lock file for numpy."""
    source = library.node_modules / "pyodide"
    for name in PYODIDE_FILES:
        shutil.copyfile(_existing(source / name), folder / name)
    shutil.copyfile(wheel_file, folder / wheel.name)
    lock = json.loads((source / "pyodide-lock.json").read_text(encoding="utf-8"))
    lock["packages"] = {"numpy": lock["packages"]["numpy"]}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock, indent=1), encoding="utf-8")


def package_version(library: Library, package: str) -> str:
    """Return the version of an installed npm package."""
    path = _existing(library.node_modules / package / "package.json")
    return str(json.loads(path.read_text(encoding="utf-8"))["version"])


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise BuildError(f"{path} is missing: delete node_modules and run it again.")
    return path
