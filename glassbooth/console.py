"""Terminal output: lines, byte counts and progress of long steps."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TTY_INTERVAL = 0.2
"""Seconds between updates of one line on a terminal."""
LOG_INTERVAL = 15.0
"""Seconds between progress lines where output is not a terminal."""


def say(text: str) -> None:
    """Print one line and flush it, also to a pipe."""
    print(text, flush=True)


def megabytes(size: float) -> str:
    """Format a number of bytes: `megabytes(1_500_000) == "1.5 MB"`."""
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.1f} kB"


class Meter:
    """Shows the progress of a step at limited intervals."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._tty = sys.stdout.isatty()
        self._last = time.monotonic() if not self._tty else 0.0

    def show(self, state: str) -> None:
        """Show `state` unless the interval since the last one has not passed."""
        now = time.monotonic()
        if now - self._last < (TTY_INTERVAL if self._tty else LOG_INTERVAL):
            return
        self._last = now
        text = f"{self._label}: {state}"
        print(f"\r\x1b[2K{text}" if self._tty else text, end="" if self._tty else "\n", flush=True)

    def show_bytes(self, done: int, total: int | None) -> None:
        """Show bytes done, of the total if it is known."""
        self.show(megabytes(done) + (f" of {megabytes(total)}" if total else ""))

    def clear(self) -> None:
        """Erase the progress line."""
        if self._tty:
            print("\r\x1b[2K", end="", flush=True)


@contextmanager
def task(label: str, state: Callable[[], str] | None = None) -> Iterator[None]:
    """Show progress during a long step, and its duration when it is done.

    Args:
        label: Name of the step.
        state: Returns the progress as text; by default only seconds are shown.
    """
    start = time.monotonic()
    with progress(label, state):
        yield
    say(f"{label}: done in {time.monotonic() - start:.1f} s")


@contextmanager
def progress(label: str, state: Callable[[], str] | None = None) -> Iterator[None]:
    """Like `task`, but without a line at the end."""
    start = time.monotonic()
    meter, done = Meter(label), threading.Event()

    def tick() -> None:
        while not done.wait(TTY_INTERVAL):
            seconds = f"{time.monotonic() - start:.0f} s"
            meter.show(f"{state()}, {seconds}" if state else seconds)

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        meter.clear()
