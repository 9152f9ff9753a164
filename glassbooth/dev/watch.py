"""Watches files for changes by polling, which works on every system."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

POLL_SECONDS = 0.3
State = dict[Path, tuple[int, int]]
"""Modification time in ns and size in bytes, by file."""


def changes(
    roots: Sequence[Path], sleep: Callable[[float], object] = time.sleep
) -> Iterator[list[Path]]:
    """Yield lists of changed, added and removed files, each once the files have settled.

    The iterator never ends; the initial state is read at the call.

    Args:
        roots: Files and folders; they need not exist.
        sleep: Waits for a number of seconds.
    """
    return _changes(scan(roots), roots, sleep)


def _changes(
    known: State, roots: Sequence[Path], sleep: Callable[[float], object]
) -> Iterator[list[Path]]:
    while True:
        sleep(POLL_SECONDS)
        found = scan(roots)
        while found != known:  # an editor or git may still be writing
            sleep(POLL_SECONDS)
            settled = scan(roots)
            if settled == found:
                yield changed(known, found)
                known = found
            found = settled


def scan(roots: Sequence[Path]) -> State:
    """Return the state of all files at or below some paths."""
    state: State = {}
    for root in roots:
        for path in [root, *root.rglob("*")] if root.is_dir() else [root]:
            try:
                found = path.stat()
            except OSError:  # removed meanwhile, or missing
                continue
            if not path.is_dir() and not is_ignored(path.relative_to(root.parent)):
                state[path] = found.st_mtime_ns, found.st_size
    return state


def is_ignored(path: Path) -> bool:
    """Whether a file is not a source: hidden, compiled, or an editor's temporary file."""
    hidden = any(part.startswith(".") or part == "__pycache__" for part in path.parts)
    return hidden or path.name.endswith(("~", ".swp", ".tmp"))


def changed(before: State, after: State) -> list[Path]:
    """Return the files whose state differs, sorted."""
    return sorted(path for path in before | after if before.get(path) != after.get(path))
