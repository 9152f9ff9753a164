"""Liveness of long-running loops, for the kiosk's watchdog."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from host import page

RATE_BEATS = 30
"""Steps over which a rate is measured."""

REST_SECONDS = 0.5
"""Seconds between two steps of a sleeping loop."""


@dataclass
class Loop:
    """State of a running loop.

    Attributes:
        since: Time of its last step, or of its start; ms on the page's clock.
        brightness: Mean of its last picture, in 0..255; `None` if it has none.
    """

    since: float
    brightness: float | None = None
    _beats: deque[float] = field(default_factory=lambda: deque(maxlen=RATE_BEATS))

    def beat(self) -> None:
        """Record a step."""
        self.since = page.now()
        self._beats.append(self.since)

    @property
    def rate(self) -> float:
        """Steps per second; 0 before the second step."""
        passed = self._beats[-1] - self._beats[0] if self._beats else 0.0
        return (len(self._beats) - 1) / passed * 1000 if passed else 0.0


_running: dict[str, Loop] = {}
_reported: list[str] = []


def running() -> dict[str, Loop]:
    """Return all loops that run, by their names."""
    return dict(_running)


def begin(name: str) -> None:
    """Add a loop."""
    _running[name] = Loop(page.now())


def beat(name: str, brightness: float | None = None) -> None:
    """Record a step of a loop; an unknown loop is added.

    Args:
        name: Name of the loop.
        brightness: See `Loop`.
    """
    if name not in _running:
        begin(name)
    _running[name].brightness = brightness
    _running[name].beat()


async def rest(name: str, seconds: float) -> None:
    """Sleep while keeping a loop alive."""
    until = page.now() + seconds * 1000
    while page.now() < until:
        beat(name)
        await asyncio.sleep(min(REST_SECONDS, (until - page.now()) / 1000))


def report(trouble: str) -> None:
    """Report an unexpected end, as a sentence for the operator."""
    _reported.append(trouble)
    del _reported[:-1]  # without a reader, reports must not pile up


def take_report() -> str:
    """Return and clear the last report; empty if there is none."""
    return _reported.pop() if _reported else ""


def end(name: str) -> None:
    """Remove a loop that has ended normally."""
    _running.pop(name, None)
