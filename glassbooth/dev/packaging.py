"""`python build.py wheel`: packs Glassbooth as a wheel, usable without npm or a checkout."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from glassbooth.console import megabytes, say, task
from glassbooth.dev.wheel_data import write_data
from glassbooth.environment import find_node, install_group, install_npm_packages
from glassbooth.errors import BuildError
from glassbooth.library import PACKAGE
from glassbooth.modules import closure
from glassbooth.process import pip, run
from glassbooth.project import Project

STARTS = ("glassbooth.cli", "glassbooth.__main__")
"""Entry points; those in `glassbooth.commands` are imported dynamically."""
ABOUT = ("pyproject.toml", "LICENSE", "NOTICE")
CONVERTER = (".py", ".css", ".txt")
"""Suffixes of the converter's files; its Node script goes into the data folder."""
EPOCH = "315532800"
"""The oldest timestamp that a zip archive can hold; makes wheels reproducible."""


def make_wheel(project: Project, out: Path) -> Path:
    """Write the wheel into a folder; return its path.

    Raises:
        BuildError: Something is missing, or setuptools failed.
    """
    node = find_node(project)
    install_npm_packages(project, node)
    install_group(project, "wheel")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, task("Packing the wheel"):
        stage, made = Path(work) / "stage", Path(work) / "made"
        write_packages(project, stage)
        write_data(project, node, stage / "glassbooth" / "data")
        options = ["--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
        command: list[str | Path] = [*pip(), "wheel", *options, "--wheel-dir", made, stage]
        run("Packing the wheel", command, env={"SOURCE_DATE_EPOCH": EPOCH})
        (wheel,) = made.glob("*.whl")
        target = out / wheel.name
        shutil.copyfile(wheel, target)
    say(f"Wrote {target}, {megabytes(target.stat().st_size)}")
    return target


def write_packages(project: Project, stage: Path) -> None:
    """Write the Python files of both packages, and the packaging metadata."""
    for path in (project.root / name for name in ABOUT):
        _copy(project, path, stage)
    for path in (project.root / "converter").rglob("*"):
        if path.suffix in CONVERTER:
            _copy(project, path, stage)
    for path in makers_modules().values():
        _copy(project, path, stage)


def makers_modules() -> dict[str, Path]:
    """Return the modules of `glassbooth` that its commands import, by path."""
    found = {f"glassbooth/{p.relative_to(PACKAGE).as_posix()}": p for p in PACKAGE.rglob("*.py")}
    commands = (PACKAGE / "commands").glob("*.py")
    starts = [*STARTS, *(f"glassbooth.commands.{path.stem}" for path in commands)]
    return closure(found, starts)


def _copy(project: Project, path: Path, stage: Path) -> None:
    if not path.is_file():
        raise BuildError(f"{path} is missing: restore it (git checkout) and run it again.")
    target = stage / path.relative_to(project.root)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
