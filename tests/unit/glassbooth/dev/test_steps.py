import sys
from pathlib import Path

import pytest

from glassbooth.dev import steps as module
from glassbooth.dev.steps import Counts, Step, StepResult, count, execute, run_step
from glassbooth.errors import BuildError
from glassbooth.project import Project


@pytest.mark.parametrize(
    ("output", "counts"),
    [
        ("...\n69 passed in 1.38s\n", Counts(69)),
        ("=== 1 failed, 68 passed, 2 skipped in 70.12s (0:01:10) ===", Counts(68, 1, 2)),
        ("2 errors in 0.53s", Counts(0, 2)),
        ("1 failed, 3 passed, 1 error in 0.53s", Counts(3, 2)),
        ("no tests ran in 0.01s", Counts()),
        ("the 3 passed by\n4 passed in 2.00s\nand more", Counts(4)),
        ("Segmentation fault", Counts()),
    ],
)
def test_pytests_summary_is_read(output: str, counts: Counts) -> None:
    assert count(output) == counts


def test_counts_are_shown_as_pytest_does() -> None:
    assert str(Counts(3)) == "3 passed, 0 failed"
    assert str(Counts(3, 1, 2) + Counts(1)) == "4 passed, 1 failed, 2 skipped"


def broken(text: str) -> Step:
    def perform() -> str:
        raise BuildError(text)

    return Step("unit tests", perform, counted=True)


def test_a_step_that_passes_takes_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    step = Step("unit tests", lambda: "lots of output\n2 passed in 0.10s", counted=True)
    assert run_step(step) == StepResult("unit tests", True, Counts(2))
    assert capsys.readouterr().out == "ok      unit tests            0.0 s  2 passed, 0 failed\n"


def test_a_step_that_fails_shows_its_output(capsys: pytest.CaptureFixture[str]) -> None:
    result = run_step(broken("assert 1 == 2\n1 failed, 2 passed in 0.10s"))
    assert result == StepResult("unit tests", False, Counts(2, 1))
    assert "FAILED  unit tests" in (out := capsys.readouterr().out)
    assert "assert 1 == 2" in out


def test_a_run_that_breaks_off_counts_as_a_failure() -> None:
    assert run_step(broken("Segmentation fault")).counts == Counts(0, 1)


def test_a_command_runs_in_the_checkout_and_leaves_a_log(tmp_path: Path) -> None:
    program = "import os; print(os.getcwd(), os.environ['COLOUR'])"
    output = execute(
        Project(tmp_path), "end to end", [sys.executable, "-c", program], {"COLOUR": "red"}
    )
    assert output == f"{tmp_path} red\n"
    assert (tmp_path / ".cache/test/end-to-end.txt").read_text() == output


def test_a_command_that_fails_shows_its_end_and_its_log(tmp_path: Path) -> None:
    program = "import sys; print('why'); sys.exit(2)"
    with pytest.raises(BuildError, match=r"why\n\(mypy: exit status 2; .*test/mypy\.txt\)"):
        execute(Project(tmp_path), "mypy", [sys.executable, "-c", program])


def test_a_command_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STEP_SECONDS", 0.2)
    with pytest.raises(BuildError, match=r"mypy: hung for 0\.2 s"):
        execute(Project(tmp_path), "mypy", [sys.executable, "-c", "import time; time.sleep(60)"])
