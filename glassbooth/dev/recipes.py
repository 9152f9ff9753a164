"""Rebuilds model bundles from their recipes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from glassbooth.console import say
from glassbooth.environment import find_node, install_group, install_npm_packages, install_torch
from glassbooth.errors import BuildError
from glassbooth.project import Project

NEWEST_TENSORFLOW_PYTHON = (3, 13)
"""The newest Python that the pinned TensorFlow has a build for."""


def has_tensorflow() -> bool:
    """Whether the pinned TensorFlow has a build for this Python."""
    return sys.version_info[:2] <= NEWEST_TENSORFLOW_PYTHON


def make_models(project: Project, names: Sequence[str]) -> None:
    """Run the recipes with these names, or all.

    Raises:
        BuildError: A name has no recipe, this Python has no TensorFlow, or a recipe failed.
    """
    recipes = sorted(path.parent.name for path in project.models.glob("*/recipe.py"))
    unknown = sorted(set(names) - set(recipes))
    if unknown:
        raise BuildError(
            f"There is no recipe for {', '.join(unknown)}; models/ has {', '.join(recipes)}."
        )
    if not has_tensorflow():
        raise BuildError(
            "The recipes need TensorFlow, which has no build for Python"
            f" {sys.version_info[0]}.{sys.version_info[1]} yet: delete .venv and run it again with"
            f" Python {'.'.join(map(str, NEWEST_TENSORFLOW_PYTHON))}."
        )
    install_npm_packages(project, find_node(project))
    install_group(project, "models")
    install_torch()
    for name in names or recipes:
        make_model(project, name)


def make_model(project: Project, name: str) -> None:
    """Run one recipe with live output."""
    say(f"Making models/{name}")
    path = os.pathsep.join([str(project.root), str(project.web / "py")])
    done = subprocess.run(
        [sys.executable, "-m", f"models.{name}.recipe"],
        cwd=project.root,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    if done.returncode != 0:
        raise BuildError(
            f"models/{name}/recipe.py failed (exit status {done.returncode}); what it said"
            " stands above."
        )
