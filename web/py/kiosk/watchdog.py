"""Escalating recovery from failures.

The first failure restarts the failed part; another one soon after rebuilds the engine, and a third
reloads the page.
"""

from dataclasses import dataclass
from enum import IntEnum

RELAPSE = 60.0
"""Time after a remedy within which another failure escalates, in s."""

SETTLING = 1.0
"""Time after a remedy during which failures are ignored as consequences, in s."""


class Remedy(IntEnum):
    """Recovery steps, each stronger than the one before."""

    RESTART = 1
    REBUILD = 2
    RELOAD = 3


@dataclass(frozen=True)
class Symptom:
    """A detected failure.

    Attributes:
        reason: Description, as a sentence for the operator.
        least: The weakest remedy that can help.
        most: The strongest remedy that makes sense.
    """

    reason: str
    least: Remedy = Remedy.RESTART
    most: Remedy = Remedy.RELOAD


class Watchdog:
    """Chooses recovery steps; times are the caller's, in s."""

    def __init__(self) -> None:
        self._last: Remedy | None = None
        self._at = 0.0

    def decide(self, time: float, symptom: Symptom, *, may_reload: bool) -> Remedy | None:
        """Return the step to take now; `None` to wait.

        Args:
            time: Time in s, not decreasing.
            symptom: The failure.
            may_reload: Whether the last reload was long enough ago.
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
