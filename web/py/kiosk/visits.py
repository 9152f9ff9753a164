"""Visits: arrival, inactivity, departure; `unattended` then resets the exhibits."""

from dataclasses import dataclass
from enum import Enum


class Phase(Enum):
    """Phase of a kiosk; the values are those of the page's ``data-kiosk``."""

    ATTRACT = "attract"
    VISIT = "visit"
    ASKING = "asking"


@dataclass(frozen=True)
class VisitState:
    """State of visits at one time.

    Attributes:
        phase: Current phase.
        left: Time left to answer while asking, in s; else 0.
    """

    phase: Phase
    left: float = 0.0


class Visits:
    """Detects visits from activity; times are the caller's, in s."""

    def __init__(self, idle: float, ask: float) -> None:
        """Begin without a visitor.

        Args:
            idle: Time without activity before a visitor is asked whether they are there, in s.
            ask: Time to answer, in s.
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

    def update(self, time: float) -> VisitState:
        """Return the state at this time, in s."""
        if self._phase is Phase.ATTRACT:
            return VisitState(Phase.ATTRACT)
        quiet = time - self._sign
        if quiet < self.idle:
            return VisitState(Phase.VISIT)
        left = self.idle + self.ask - quiet
        self._phase = Phase.ASKING if left > 0 else Phase.ATTRACT
        return VisitState(self._phase, max(0.0, left))


def following(names: tuple[str, ...], name: str) -> str:
    """Return the next name in the cycle."""
    position = names.index(name) if name in names else -1
    return names[(position + 1) % len(names)]
