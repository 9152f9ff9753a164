"""Lints, formats and types of everything in the repository: `python build.py check [--fix]`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from glassbooth.console import task
from glassbooth.dev.recipes import has_tensorflow
from glassbooth.dev.steps import Step, execute, run_steps
from glassbooth.environment import (
    Node,
    find_node,
    install_group,
    install_npm_packages,
    install_torch,
)
from glassbooth.project import Project

TYPED = (
    "build.py",
    "glassbooth",
    "converter",
    "bench",
    "models",
    "web/py",
    "web/samples",
    "tests",
)
"""Files and folders that mypy checks."""
BIOME = "node_modules/@biomejs/biome/bin/biome"
TSC = "node_modules/typescript/bin/tsc"


def run_check(project: Project, fix: bool) -> int:
    """Run all checks, after automatic fixes if `fix`; return the exit status."""
    node = prepare(project)
    if fix:
        fix_all(project, node)
    return 0 if all(result.ok for result in run_steps(checks(project, node))) else 1


def prepare(project: Project) -> Node:
    """Install the tools, and the libraries whose types mypy needs."""
    node = find_node(project)
    install_npm_packages(project, node)
    install_group(project, "test")
    if has_tensorflow():
        install_group(project, "models")
        install_torch()
    return node


def checks(project: Project, node: Node) -> list[Step]:
    """List the checks of all languages; none changes a file."""
    command = _commands(project)
    python = [sys.executable, "-m"]
    typed = [name for name in TYPED if (project.root / name).exists()]
    return [
        command("ruff check", *python, "ruff", "check", "--quiet"),
        command("ruff format", *python, "ruff", "format", "--check", "--diff", "--quiet"),
        command("mypy", *python, "mypy", *typed),
        command("tsc", node.node, TSC, "--project", "tsconfig.json"),
        command("biome", node.node, BIOME, "check", "--colors=off"),
    ]


def fix_all(project: Project, node: Node) -> None:
    """Apply the safe fixes of all linters, and format; the checks report the rest."""
    biome = [str(node.node), BIOME]
    ruff = [sys.executable, "-m", "ruff"]
    for what, command in {
        "ruff's fixes": [*ruff, "check", "--fix", "--quiet"],
        "ruff's format": [*ruff, "format", "--quiet"],
        "Biome's fixes and format": [*biome, "check", "--write", "--colors=off"],
    }.items():
        with task(f"Applying {what}"):
            subprocess.run(command, cwd=project.root, capture_output=True, check=False)


def _commands(project: Project) -> Callable[..., Step]:
    def command(name: str, *parts: str | Path) -> Step:
        return Step(name, lambda: execute(project, name, parts))

    return command
