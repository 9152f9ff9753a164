"""Runs other programs: silent on success, with a clear error on failure."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from glassbooth.errors import BuildError

TAIL_LINES = 30
HINTS = (
    (("ENOSPC", "No space left on device"), "The disk is full: free some space and run it again."),
    (
        ("ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "ECONNREFUSED", "ECONNRESET", "getaddrinfo",
         "name resolution", "NewConnectionError", "ConnectTimeoutError", "Failed to establish"),
        "The package registry could not be reached: check the network (or the proxy and mirror"
        " settings of pip and npm) and run it again.",
    ),
    (
        ("EINTEGRITY", "DO NOT MATCH THE HASHES"),
        "A package is not the one that was pinned: if a mirror is in between, it is serving"
        " other bytes; do not use them.",
    ),
)  # fmt: skip


def hint(output: str) -> str:
    """Return advice for a failure whose cause is recognised in its output, or ""."""
    return next((text for signs, text in HINTS if any(sign in output for sign in signs)), "")


def run(
    what: str,
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str | None = None,
) -> str:
    """Run a program to its end and return its standard output.

    Args:
        what: What it does, as the subject of a sentence: "Installing npm packages".
        command: Program and arguments.
        cwd: Working directory.
        env: Variables added to this process's environment.
        stdin: Text for its standard input.

    Raises:
        BuildError: It could not be started, or did not exit with 0; holds its last lines.
    """
    arguments = [str(part) for part in command]
    try:
        done = subprocess.run(
            arguments,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise BuildError(
            f"{what} failed: {arguments[0]} does not start ({error.strerror})."
        ) from error
    if done.returncode != 0:
        raise BuildError(explain(what, done.returncode, done.stdout + done.stderr))
    return done.stdout


def explain(what: str, code: int, output: str) -> str:
    """Return the text of a failure: what failed, the last lines of output, advice."""
    tail = "\n".join(f"  | {line}" for line in output.strip().splitlines()[-TAIL_LINES:])
    parts = [f"{what} failed (exit status {code}).", tail, hint(output)]
    return "\n".join(part for part in parts if part)


def pip() -> list[str]:
    """Return the command for this environment's pip; install pip if it is missing."""
    command = [sys.executable, "-m", "pip"]
    if subprocess.run([*command, "--version"], capture_output=True, check=False).returncode:
        run("Adding pip to .venv", [sys.executable, "-m", "ensurepip", "--default-pip"])
    return command
