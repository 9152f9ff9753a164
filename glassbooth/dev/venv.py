"""Creates the project's virtual environment on first use, and re-executes inside it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from glassbooth.console import task
from glassbooth.errors import BuildError
from glassbooth.project import Project


def enter(project: Project, script: Path, arguments: Sequence[str]) -> None:
    """Return if running inside `.venv`, otherwise restart the script there.

    Raises:
        BuildError: The environment cannot be created.
    """
    if Path(sys.prefix).resolve() == project.venv.resolve():
        return
    python = venv_python(project.venv)
    if not python.exists():
        create(project.venv)
    command = [str(python), str(script), *arguments]
    sys.stdout.flush()
    if os.name == "nt":  # execv would return to the shell at once there
        sys.exit(subprocess.call(command))
    os.execv(python, command)


def venv_python(folder: Path) -> Path:
    """Return the path of an environment's interpreter on this system."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def create(folder: Path) -> None:
    """Create an environment with pip, replacing a broken one.

    Raises:
        BuildError: This Python cannot create one.
    """
    if importlib.util.find_spec("ensurepip") is None:
        raise BuildError(
            "This Python comes without venv. On Debian and Ubuntu: apt install python3-venv;"
            " elsewhere install Python from https://www.python.org/downloads/. Then run it again."
        )
    shutil.rmtree(folder, ignore_errors=True)
    with task("Making .venv"):
        done = subprocess.run(
            [sys.executable, "-m", "venv", folder], capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        output = (done.stdout + done.stderr).strip()
        raise BuildError(f"Making .venv failed:\n{output}\nCheck that Python is complete.")
