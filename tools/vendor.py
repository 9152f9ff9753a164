"""The parts of Pyodide and PyScript that a page with one plain `<script type="py">` loads."""

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
PYSCRIPT_ENTRY = "core.js"
PYSCRIPT_LAZY = re.compile(r"error-[\w-]{8}\.js")
"""What PyScript's core imports on demand and a plain script needs: the plug-in that shows errors.
The rest is for editors, terminals, games, archives and TOML, and none of that is on the page."""

_STATIC = re.compile(r"""(?:from|import)\s*["']\./([\w-]+\.js)["']""")
_LAZY = re.compile(r"""import\(\s*["']\./([\w-]+\.js)["']\s*\)""")
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


def copy_pyscript(project: Project, folder: Path) -> None:
    """Write PyScript's entry module and all that it needs to run a plain script."""
    source = project.node_modules / "@pyscript/core/dist"
    waiting, copied = [PYSCRIPT_ENTRY], set[str]()
    while waiting:
        name = waiting.pop()
        if name in copied:
            continue
        copied.add(name)
        copy_script(_existing(source / name), folder / name)
        text = (folder / name).read_text(encoding="utf-8")
        waiting += _STATIC.findall(text)
        waiting += filter(PYSCRIPT_LAZY.fullmatch, _LAZY.findall(text))


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
