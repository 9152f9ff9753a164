"""Signs of life: whatever runs for long tells of each step, and the kiosk's watchdog looks on."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from host import page

RATE_BEATS = 30
"""Beats over which a rate is counted."""

REST_SECONDS = 0.5
"""Between two signs of life of a loop that rests."""


@dataclass
class Pulse:
    """Of one loop that runs.

    Attributes:
        since: When it last gave a sign of life, or began; ms on the page's clock.
        brightness: Of its last picture: the mean of all its numbers, in 0..255; `None` if it has
            none.
    """

    since: float
    brightness: float | None = None
    _beats: deque[float] = field(default_factory=lambda: deque(maxlen=RATE_BEATS))

    def beat(self) -> None:
        """Give a sign of life."""
        self.since = page.now()
        self._beats.append(self.since)

    @property
    def rate(self) -> float:
        """Beats a second; 0 if there were not two yet."""
        passed = self._beats[-1] - self._beats[0] if self._beats else 0.0
        return (len(self._beats) - 1) / passed * 1000 if passed else 0.0


_running: dict[str, Pulse] = {}
_reported: list[str] = []


def running() -> dict[str, Pulse]:
    """Return the pulses of all loops that run, by their names."""
    return dict(_running)


def begin(name: str) -> None:
    """Watch a loop from now on."""
    _running[name] = Pulse(page.now())


def beat(name: str, brightness: float | None = None) -> None:
    """Take in a sign of life, of a loop that is watched from now on at the latest.

    Args:
        name: Of the loop.
        brightness: See `Pulse`.
    """
    if name not in _running:
        begin(name)
    _running[name].brightness = brightness
    _running[name].beat()


async def rest(name: str, seconds: float) -> None:
    """Wait, and give signs of life meanwhile."""
    until = page.now() + seconds * 1000
    while page.now() < until:
        beat(name)
        await asyncio.sleep(min(REST_SECONDS, (until - page.now()) / 1000))


def report(trouble: str) -> None:
    """Tell that something ended that should not, as a sentence for the operator."""
    _reported.append(trouble)
    del _reported[:-1]  # where nobody looks on, nothing is piled up


def take_report() -> str:
    """Return what was reported since the last time; empty if nothing was."""
    return _reported.pop() if _reported else ""


def end(name: str) -> None:
    """Watch a loop no longer: it has ended, as it should."""
    _running.pop(name, None)
