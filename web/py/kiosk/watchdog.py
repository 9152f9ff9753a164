"""Escalating recovery from failures.

A page that is ill is first restarted where it is ill; if it falls ill again soon, the engine is
built anew; if that did not last either, the page is loaded anew.
"""

from dataclasses import dataclass
from enum import IntEnum

RELAPSE = 60.0
"""s after a remedy within which another trouble means that it did not help."""

SETTLING = 1.0
"""s after a remedy for which nothing is done: what is told then belongs to the same trouble."""


class Remedy(IntEnum):
    """Recovery steps, each stronger than the one before."""

    RESTART = 1
    REBUILD = 2
    RELOAD = 3


@dataclass(frozen=True)
class Symptom:
    """A detected failure.

    Attributes:
        reason: What, as a sentence for the operator.
        least: The weakest remedy that can help.
        most: The strongest one that makes sense.
    """

    reason: str
    least: Remedy = Remedy.RESTART
    most: Remedy = Remedy.RELOAD


class Watchdog:
    """Chooses recovery steps, on a clock of the caller's in s."""

    def __init__(self) -> None:
        self._last: Remedy | None = None
        self._at = 0.0

    def decide(self, time: float, symptom: Symptom, *, may_reload: bool) -> Remedy | None:
        """Return the step to take now; `None` to wait.

        Args:
            time: Not before the last one.
            symptom: What is wrong.
            may_reload: Whether the page was last loaded long enough ago.
        """
        since = time - self._at
        if self._last and since < SETTLING:
            return None
        ill_again = self._last is not None and since < RELAPSE
        step = Remedy(min(self._last + 1, Remedy.RELOAD)) if ill_again and self._last else None
        remedy = min(max(symptom.least, step or symptom.least), symptom.most)
        if remedy is Remedy.RELOAD and not may_reload:
            remedy = Remedy.REBUILD
        self._last, self._at = remedy, time
        return remedy
