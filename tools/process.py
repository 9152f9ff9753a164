"""Running other programs: quietly while they work, clearly when they fail."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.errors import BuildError

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
    """Say what to do about a failure whose cause the output gives away, or ""."""
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
        what: what it does, as the subject of a sentence: "Installing npm packages".
        command: program and arguments.
        cwd: folder to run it in.
        env: variables set on top of this process's own.
        stdin: text to feed it.

    Raises:
        BuildError: it could not be started or did not exit with 0; holds its last lines.
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
    """Compose the text of a failure: what, the last lines of its output, what to do."""
    tail = "\n".join(f"  | {line}" for line in output.strip().splitlines()[-TAIL_LINES:])
    parts = [f"{what} failed (exit status {code}).", tail, hint(output)]
    return "\n".join(part for part in parts if part)
