"""Runs every check and every test, and says in one line each how it went."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools import browser
from tools.console import progress, say
from tools.environment import (
    Node,
    find_node,
    install_group,
    install_npm_packages,
    install_torch,
)
from tools.errors import BuildError
from tools.project import HERE, Project
from tools.recipes import has_tensorflow
from tools.site import build_site
from tools.wheel import find_wheel, wanted_wheel, wheel_cache

TYPED = (
    "build.py",
    "tools",
    "converter",
    "bench",
    "models",
    "web/py/vision",
    "web/py/api",
    "web/py/attendant",
    "web/py/kiosk",
    "web/py/host",
    "web/py/exhibits",
    "web/py/main.py",
    "web/py/renewal.py",
    "web/samples",
    "tests",
)
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
    """One check.

    Attributes:
        name: what is shown.
        perform: does it and returns its output; raises BuildError with the output if it fails.
        counted: whether the output is pytest's.
    """

    name: str
    perform: Callable[[], str]
    counted: bool = False


@dataclass(frozen=True)
class Result:
    """How a step went."""

    name: str
    ok: bool
    counts: Counts


def run_everything(project: Project) -> int:
    """Run all steps, also after one has failed; return the exit status."""
    node = prepare(project)
    results = [run_step(step) for step in steps(project, node)]
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
        env={**os.environ, browser.VARIABLE: browser.find_chromium()},
        check=False,
    ).returncode


def prepare(project: Project) -> Node:
    """Install all that the tests need."""
    node = find_node(project)
    install_npm_packages(project, node)
    find_wheel(wanted_wheel(project), wheel_cache(project))
    install_group(project, "test")
    if has_tensorflow():
        install_group(project, "models")
        install_torch()
    return node


def steps(project: Project, node: Node) -> list[Step]:
    """List what is to be run, fast things first."""
    python = [sys.executable, "-m"]
    typed = [name for name in TYPED if (project.root / name).exists()]
    units = ["tests/unit", "tests/converter"]
    if not has_tensorflow():
        say("tests/converter is left out: TensorFlow has no build for this Python yet.")
        units.remove("tests/converter")

    def command(name: str, *parts: str | Path, counted: bool = False) -> Step:
        return Step(name, lambda: execute(project, name, parts), counted)

    return [
        command("ruff check", *python, "ruff", "check", "--quiet"),
        command("ruff format", *python, "ruff", "format", "--check", "--diff", "--quiet"),
        command("mypy", *python, "mypy", *typed),
        command("tsc", node.node, "node_modules/typescript/bin/tsc", "--project", "tsconfig.json"),
        command("unit tests", *python, "pytest", *units, counted=True),
        Step("vision in Pyodide", lambda: in_pyodide(project, node), counted=True),
        Step("build", lambda: str(build_site(project, node))),
        Step("end to end", lambda: end_to_end(project), counted=True),
    ]


def in_pyodide(project: Project, node: Node) -> str:
    """Run the tests of `vision/` in the Python of the browser."""
    wheel = find_wheel(wanted_wheel(project), wheel_cache(project))
    packages = sysconfig.get_path("purelib")
    script = HERE.root / "tools" / "pyodide_tests.mjs"
    parts = (node.node, script, project.root, wheel, packages, "tests/unit/vision")
    return execute(project, "vision in Pyodide", parts)


def end_to_end(project: Project) -> str:
    """Run the tests that drive a browser."""
    env = {browser.VARIABLE: browser.find_chromium()}
    # Some versions of Python 3.11 cannot parse source in the greenlets that Playwright runs in.
    parts = [sys.executable, "-m", "pytest", "tests/e2e", "--tb=native"]
    return execute(project, "end to end", parts, env)


def execute(
    project: Project, name: str, command: Sequence[str | Path], env: Mapping[str, str] | None = None
) -> str:
    """Run a command and return its output, which is also kept in `.cache/test/`.

    Raises:
        BuildError: it failed or hung; the text is the end of its output.
    """
    log = project.cache / "test" / f"{name.replace(' ', '-')}.txt"
    log.parent.mkdir(parents=True, exist_ok=True)

    def state() -> str:
        return (read(log).splitlines() or [""])[-1][-60:]

    with log.open("w", encoding="utf-8") as file, progress(name, state):
        try:
            status = subprocess.run(
                [str(part) for part in command],
                cwd=project.root,
                env={**os.environ, **(env or {})},
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=STEP_SECONDS,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            status = None
    output = read(log)
    if status == 0:
        return output
    reason = f"exit status {status}" if status is not None else f"hung for {STEP_SECONDS} s"
    tail = "\n".join(output.splitlines()[-SHOWN_LINES:])
    raise BuildError(f"{tail}\n({name}: {reason}; all of its output is in {log})")


def read(log: Path) -> str:
    """Return what a program has written so far, whatever its encoding."""
    return log.read_text(encoding="utf-8", errors="replace")


def run_step(step: Step) -> Result:
    """Run one step and show how it went; a failed one shows the end of its output."""
    start = time.monotonic()
    try:
        output, ok = step.perform(), True
    except BuildError as error:
        output, ok = str(error), False
    counts = count(output) if step.counted else Counts()
    if step.counted and not ok and not counts.failed:
        counts += Counts(failed=1)  # it broke off before it could count
    line = f"{'ok' if ok else 'FAILED':6}  {step.name:18} {time.monotonic() - start:6.1f} s"
    say(f"{line}  {counts}" if step.counted else line)
    if not ok:
        say(output)
    return Result(step.name, ok, counts)


def count(output: str) -> Counts:
    """Read the last summary line of pytest's output: "2 failed, 7 passed in 1.20s"."""
    summaries = [line for line in output.splitlines() if _SUMMARY.search(line)]
    found = Counts()
    for number, what in _COUNT.findall(summaries[-1] if summaries else ""):
        field = {"passed": "passed", "skipped": "skipped"}.get(what, "failed")
        found += Counts(**{field: int(number)})
    return found
