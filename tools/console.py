"""What the person at the terminal sees: lines, byte counts and a clock for long steps."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TTY_INTERVAL = 0.2
"""Seconds between updates of one line on a terminal."""
LOG_INTERVAL = 15.0
"""Seconds between lines in a log file, where nothing can be overwritten."""


def say(text: str) -> None:
    """Print one line at once, also where the output is a pipe."""
    print(text, flush=True)


def megabytes(size: float) -> str:
    """Render a number of bytes: `megabytes(1_500_000) == "1.5 MB"`."""
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{size / 1e3:.1f} kB"


class Meter:
    """Shows how far a step has got; silent where it would only repeat itself."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._tty = sys.stdout.isatty()
        self._last = time.monotonic() if not self._tty else 0.0

    def show(self, state: str) -> None:
        """Show `state` unless the last one was shown a moment ago."""
        now = time.monotonic()
        if now - self._last < (TTY_INTERVAL if self._tty else LOG_INTERVAL):
            return
        self._last = now
        text = f"{self._label}: {state}"
        print(f"\r\x1b[2K{text}" if self._tty else text, end="" if self._tty else "\n", flush=True)

    def show_bytes(self, done: int, total: int | None) -> None:
        """Show bytes done of bytes to do."""
        self.show(megabytes(done) + (f" of {megabytes(total)}" if total else ""))

    def clear(self) -> None:
        """Wipe the line that was being updated."""
        if self._tty:
            print("\r\x1b[2K", end="", flush=True)


@contextmanager
def task(label: str, state: Callable[[], str] | None = None) -> Iterator[None]:
    """Show that a long step is at work, and how long it took once it is done.

    Args:
        label: what is being done.
        state: says how far it is; by default only the seconds are counted.
    """
    start = time.monotonic()
    with progress(label, state):
        yield
    say(f"{label}: done in {time.monotonic() - start:.1f} s")


@contextmanager
def progress(label: str, state: Callable[[], str] | None = None) -> Iterator[None]:
    """Like `task`, but leave it to the caller to say how it ended."""
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
