"""Visits: arrival, inactivity, departure; `unattended` then resets the exhibits."""

from dataclasses import dataclass
from enum import Enum


class Phase(Enum):
    """Phase of a kiosk; the values are those of the page's ``data-kiosk``."""

    ATTRACT = "attract"
    VISIT = "visit"
    ASKING = "asking"


@dataclass(frozen=True)
class Moment:
    """Phase at one time.

    Attributes:
        phase: Whether somebody is there.
        left: s until a visitor who is asked for a sign of life is thought to have left, else 0.
    """

    phase: Phase
    left: float = 0.0


class Visits:
    """Detects visits from signs of activity, on a clock of the caller's in s."""

    def __init__(self, idle: float, ask: float) -> None:
        """Begin without a visitor.

        Args:
            idle: s without a sign of life after which a visitor is asked for one.
            ask: s that they have for it.
        """
        self.idle = idle
        self.ask = ask
        self.count = 0
        self._phase = Phase.ATTRACT
        self._sign = 0.0

    @property
    def phase(self) -> Phase:
        """Phase at the last update."""
        return self._phase

    @property
    def last_sign(self) -> float:
        """Time of the last activity, in s."""
        return self._sign

    def touch(self, time: float) -> None:
        """Record activity: a visit begins, or continues."""
        if self._phase is Phase.ATTRACT:
            self.count += 1
        self._phase = Phase.VISIT
        self._sign = time

    def leave(self) -> None:
        """End the visit."""
        self._phase = Phase.ATTRACT

    def update(self, time: float) -> Moment:
        """Return the phase at this time."""
        if self._phase is Phase.ATTRACT:
            return Moment(Phase.ATTRACT)
        quiet = time - self._sign
        if quiet < self.idle:
            return Moment(Phase.VISIT)
        left = self.idle + self.ask - quiet
        self._phase = Phase.ASKING if left > 0 else Phase.ATTRACT
        return Moment(self._phase, max(0.0, left))


def following(names: tuple[str, ...], name: str) -> str:
    """Return the next name in the cycle."""
    position = names.index(name) if name in names else -1
    return names[(position + 1) % len(names)]
