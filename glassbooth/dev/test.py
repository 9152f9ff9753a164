"""Runs all checks and tests, or pytest on some paths with only their requirements."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from glassbooth.console import say
from glassbooth.dev import browser
from glassbooth.dev.check import checks
from glassbooth.dev.needs import EVERYTHING, Needs, needs_of
from glassbooth.dev.recipes import has_tensorflow
from glassbooth.dev.steps import Counts, Step, execute, run_steps
from glassbooth.environment import (
    Node,
    find_node,
    install_group,
    install_npm_packages,
    install_torch,
)
from glassbooth.project import HERE, Project
from glassbooth.site import build_site
from glassbooth.wheel import find_wheel, wanted_wheel, wheel_cache

PURE = (
    "tests/unit/inputs",
    "tests/unit/outputs",
    "tests/unit/exhibits",
    "tests/unit/kiosk",
    *(
        f"tests/unit/test_{name}.py"
        for name in (
            "card",
            "framing",
            "kinds",
            "options",
            "pace",
            "picture_file",
            "pixels",
            "pose",
        )
    ),
)
"""Tests of modules that need no page, which also run in Pyodide."""


def run_everything(project: Project) -> int:
    """Run all steps, also after a failure; return the exit status."""
    node = prepare(project)
    results = run_steps(steps(project, node))
    counts = sum((result.counts for result in results), Counts())
    say(f"{counts.passed} passed, {counts.failed} failed")
    return 0 if all(result.ok for result in results) else 1


def run_pytest(project: Project, arguments: Sequence[str]) -> int:
    """Run pytest with these arguments and live output; return the exit status.

    Raises:
        BuildError: A path among the arguments does not exist, or something cannot be installed.
    """
    needs = needs_of(project, arguments)
    install(project, needs)
    environment = dict(os.environ)
    if needs.site:
        build_site(project, find_node(project))
        environment[browser.VARIABLE] = browser.find_chromium()
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=project.root,
        env=environment,
        check=False,
    ).returncode


def install(project: Project, needs: Needs) -> None:
    """Install what some tests need, except TensorFlow where it has no build for this Python."""
    install_group(project, "test")
    if needs.node:
        install_npm_packages(project, find_node(project))
    if needs.wheel:
        find_wheel(wanted_wheel(project), wheel_cache(project))
    if needs.models and has_tensorflow():
        install_group(project, "models")
        install_torch()


def prepare(project: Project) -> Node:
    """Install everything that the checks and tests need."""
    install(project, EVERYTHING)
    return find_node(project)


def steps(project: Project, node: Node) -> list[Step]:
    """List all steps, fast ones first."""
    units = ["tests/unit", "tests/converter"]
    if not has_tensorflow():
        say("tests/converter is left out: TensorFlow has no build for this Python yet.")
        units.remove("tests/converter")
    pytest = (sys.executable, "-m", "pytest", *units)
    return [
        *checks(project, node),
        Step("unit tests", lambda: execute(project, "unit tests", pytest), counted=True),
        Step("kinds in Pyodide", lambda: in_pyodide(project, node), counted=True),
        Step("build", lambda: str(build_site(project, node))),
        Step("end to end", lambda: in_browser(project, "end to end", "tests/e2e"), counted=True),
        Step("wheel", lambda: in_browser(project, "wheel", "tests/wheel"), counted=True),
    ]


def in_pyodide(project: Project, node: Node) -> str:
    """Run the tests in `PURE` in Pyodide."""
    wheel = find_wheel(wanted_wheel(project), wheel_cache(project))
    packages = sysconfig.get_path("purelib")
    script = HERE.root / "glassbooth" / "dev" / "pyodide_tests.mjs"
    parts: list[str | Path] = [node.node, script, project.root, wheel, packages, *PURE]
    return execute(project, "kinds in Pyodide", parts)


def in_browser(project: Project, name: str, folder: str) -> str:
    """Run the tests of a folder, which drive a browser."""
    env = {browser.VARIABLE: browser.find_chromium()}
    # Native tracebacks: some versions of Python 3.11 cannot parse source in Playwright's greenlets.
    parts = [sys.executable, "-m", "pytest", folder, "--tb=native"]
    return execute(project, name, parts, env)
