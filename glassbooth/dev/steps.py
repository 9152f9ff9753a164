"""Runs the steps of checks and tests, with one line of output and test counts for each."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from glassbooth.console import progress, say
from glassbooth.errors import BuildError
from glassbooth.project import Project

SHOWN_LINES = 150
"""Lines of a failed step's output that are shown; the log file has all of them."""
STEP_SECONDS = 1500
"""Timeout of a step."""

_SUMMARY = re.compile(r"\d+ \w+.* in [\d.]+s")
_COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)")


@dataclass(frozen=True)
class Counts:
    """Test counts of one or more pytest runs; errors count as failed."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Return the sum."""
        return Counts(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )

    def __str__(self) -> str:
        """Format as pytest does; skipped tests are shown only if there are any."""
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


@dataclass(frozen=True)
class Step:
    """One check.

    Attributes:
        name: Name shown to the user.
        perform: Runs it and returns its output; raises BuildError with the output on failure.
        counted: Whether the output is pytest's.
    """

    name: str
    perform: Callable[[], str]
    counted: bool = False


@dataclass(frozen=True)
class StepResult:
    """Outcome of a step."""

    name: str
    ok: bool
    counts: Counts


def run_steps(steps: Sequence[Step]) -> list[StepResult]:
    """Run all steps, also after a failure; print the names of those that failed."""
    results = [run_step(step) for step in steps]
    failed = [result.name for result in results if not result.ok]
    say("")
    if failed:
        say(f"Failed: {', '.join(failed)}")
    return results


def execute(
    project: Project, name: str, command: Sequence[str | Path], env: Mapping[str, str] | None = None
) -> str:
    """Run a command and return its output, which is also logged to `.cache/test/`.

    Raises:
        BuildError: It failed or timed out; the text is the end of its output.
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
    """Return the content of a log; invalid UTF-8 is replaced."""
    return log.read_text(encoding="utf-8", errors="replace")


def run_step(step: Step) -> StepResult:
    """Run one step and print its outcome, with the end of its output if it failed."""
    start = time.monotonic()
    try:
        output, ok = step.perform(), True
    except BuildError as error:
        output, ok = str(error), False
    counts = count(output) if step.counted else Counts()
    if step.counted and not ok and not counts.failed:
        counts += Counts(failed=1)  # it aborted before the summary
    line = f"{'ok' if ok else 'FAILED':6}  {step.name:18} {time.monotonic() - start:6.1f} s"
    say(f"{line}  {counts}" if step.counted else line)
    if not ok:
        say(output)
    return StepResult(step.name, ok, counts)


def count(output: str) -> Counts:
    """Parse the last summary line of pytest's output: "2 failed, 7 passed in 1.20s"."""
    summaries = [line for line in output.splitlines() if _SUMMARY.search(line)]
    found = Counts()
    for number, what in _COUNT.findall(summaries[-1] if summaries else ""):
        field = {"passed": "passed", "skipped": "skipped"}.get(what, "failed")
        found += Counts(**{field: int(number)})
    return found
