import sys

import pytest

from glassbooth.errors import BuildError
from glassbooth.process import hint, run


def test_output_is_returned() -> None:
    program = "import sys; print(sys.stdin.read().upper())"
    assert run("Shouting", [sys.executable, "-c", program], stdin="ä") == "Ä\n"


def test_failure_shows_what_failed_how_and_its_last_lines() -> None:
    program = "import sys; [print('line', i) for i in range(100)]; sys.exit(3)"
    with pytest.raises(BuildError) as raised:
        run("Counting", [sys.executable, "-c", program])
    lines = str(raised.value).splitlines()
    assert lines[0] == "Counting failed (exit status 3)."
    assert lines[-1] == "  | line 99"
    assert len(lines) == 31


def test_a_program_that_is_missing_is_named() -> None:
    with pytest.raises(BuildError, match=r"Reading failed: /no/such/program does not start"):
        run("Reading", ["/no/such/program"])


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ("npm error code ENOSPC", "The disk is full"),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("npm error errno EAI_AGAIN", "check the network"),
        ("Temporary failure in name resolution", "check the network"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was pinned"),
        ("npm error code EINTEGRITY", "not the one that was pinned"),
    ],
)
def test_the_cause_of_a_failure_is_told(output: str, advice: str) -> None:
    program = f"import sys; print({output!r}, file=sys.stderr); sys.exit(1)"
    with pytest.raises(BuildError, match=advice):
        run("Installing", [sys.executable, "-c", program])


def test_an_unknown_failure_gets_no_advice() -> None:
    assert hint("SyntaxError: Unexpected token") == ""
