"""Visitors: when one has come, when they may have left, when they have."""

from dataclasses import dataclass
from enum import Enum


class Phase(Enum):
    """What goes on before the glass; the values are those of the page's ``data-kiosk``."""

    ATTRACT = "attract"
    VISIT = "visit"
    ASKING = "asking"


@dataclass(frozen=True)
class Moment:
    """What goes on now.

    Attributes:
        phase: Whether somebody is there.
        left: s until a visitor who is asked for a sign of life is thought to have left, else 0.
    """

    phase: Phase
    left: float = 0.0


class Visits:
    """One visitor after the other, on a clock of the caller's, in s."""

    def __init__(self, idle: float, ask: float) -> None:
        """Begin with nobody.

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
        """What went on when it was last updated."""
        return self._phase

    @property
    def last_sign(self) -> float:
        """When the last sign of life came, in s."""
        return self._sign

    def touch(self, time: float) -> None:
        """Take in a sign of life: a visit begins, or goes on."""
        if self._phase is Phase.ATTRACT:
            self.count += 1
        self._phase = Phase.VISIT
        self._sign = time

    def leave(self) -> None:
        """End the visit, whoever is there."""
        self._phase = Phase.ATTRACT

    def update(self, time: float) -> Moment:
        """Say what goes on at this time."""
        if self._phase is Phase.ATTRACT:
            return Moment(Phase.ATTRACT)
        quiet = time - self._sign
        if quiet < self.idle:
            return Moment(Phase.VISIT)
        left = self.idle + self.ask - quiet
        self._phase = Phase.ASKING if left > 0 else Phase.ATTRACT
        return Moment(self._phase, max(0.0, left))


def following(names: tuple[str, ...], name: str) -> str:
    """Return which of the names comes after one of them; after the last, the first."""
    position = names.index(name) if name in names else -1
    return names[(position + 1) % len(names)]
