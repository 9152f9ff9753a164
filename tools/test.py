"""Runs every check and every test, and says in one line each how it went."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import browser
from tools.console import say, task
from tools.environment import Node, find_node, install_group, install_npm_packages
from tools.errors import BuildError
from tools.project import Project
from tools.recipes import has_tensorflow
from tools.site import build_site
from tools.wheel import find_wheel, wanted_wheel

TYPED = ("build.py", "tools", "converter", "models", "web/py/vision", "web/py/host")
TYPED += ("web/py/exhibits", "web/py/main.py", "tests")
SHOWN_LINES = 150
"""How much of a failed step's output is shown; all of it is in a file."""
STEP_SECONDS = 1500
"""No step takes that long unless it hangs."""

_SUMMARY = re.compile(r"\d+ \w+.* in [\d.]+s")
_COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)")


@dataclass(frozen=True)
class Counts:
    """What one or more runs of pytest came to."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Add up."""
        return Counts(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )

    def __str__(self) -> str:
        """Render as pytest does; what was skipped is said only if there is any."""
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


@dataclass(frozen=True)
class Step:
    """One check: a command, or something this process does itself.

    Attributes:
        name: what is shown.
        command: a command to run, or a function that raises BuildError.
        counted: whether the command is a run of pytest.
        env: variables to set for it.
    """

    name: str
    command: Sequence[str | Path] | Callable[[], object]
    counted: bool = False
    env: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Result:
    """How a step went."""

    name: str
    ok: bool
    counts: Counts


def run_everything(project: Project) -> int:
    """Run all steps, also after one has failed; return the exit status."""
    node = prepare(project)
    results = [run_step(step, project) for step in steps(project, node)]
    failed = [result.name for result in results if not result.ok]
    say("")
    if failed:
        say(f"Failed: {', '.join(failed)}")
    counts = sum((result.counts for result in results), Counts())
    say(f"{counts.passed} passed, {counts.failed} failed")
    return 1 if failed else 0


def run_pytest(project: Project, arguments: Sequence[str]) -> int:
    """Run pytest alone, with these arguments and its output as it comes."""
    build_site(project, prepare(project))
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=project.root,
        env=environment({browser.VARIABLE: browser.find_chromium()}),
        check=False,
    ).returncode


def prepare(project: Project) -> Node:
    """Install all that the tests need."""
    node = find_node(project)
    install_npm_packages(project, node)
    install_group(project, "test")
    if has_tensorflow():
        install_group(project, "models")
    return node


def steps(project: Project, node: Node) -> list[Step]:
    """List what is to be run, fast things first."""
    python = sys.executable
    typed = [name for name in TYPED if (project.root / name).exists()]
    units = ["tests/unit"]
    if has_tensorflow():
        units.append("tests/converter")
    else:
        say("tests/converter is left out: TensorFlow has no build for this Python yet.")
    wheel = find_wheel(wanted_wheel(project), project.cache / "wheels")
    tsc = project.node_modules / "typescript/bin/tsc"
    in_pyodide = ["tools/pyodide_tests.mjs", project.root, wheel, sysconfig.get_path("purelib")]
    return [
        Step("ruff check", [python, "-m", "ruff", "check", "--quiet"]),
        Step("ruff format", [python, "-m", "ruff", "format", "--check", "--quiet", "--diff"]),
        Step("mypy", [python, "-m", "mypy", *typed]),
        Step("tsc", [node.node, tsc, "--project", "tsconfig.json"]),
        Step("unit tests", [python, "-m", "pytest", *units], counted=True),
        Step("vision in Pyodide", [node.node, *in_pyodide, "tests/unit/vision"], counted=True),
        Step("build", lambda: build_site(project, node)),
        Step("end to end", lambda: end_to_end(project), counted=True),
    ]


def run_step(step: Step, project: Project) -> Result:
    """Run one step and show how it went; a failed one shows the end of its output."""
    start = time.monotonic()
    try:
        output = _perform(step, project)
        ok = True
    except BuildError as error:
        output, ok = str(error), False
    counts = count(output) if step.counted else Counts()
    if step.counted and not ok and not counts.failed:
        counts += Counts(failed=1)  # it broke off before it could count
    seconds = f"{time.monotonic() - start:6.1f} s"
    detail = f"  {counts}" if step.counted else ""
    say(f"{'ok    ' if ok else 'FAILED'}  {step.name:20}{seconds}{detail}")
    if not ok:
        say(output)
    return Result(step.name, ok, counts)
