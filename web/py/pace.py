"""Chooses input sizes for live pictures so that answers come fast enough."""

from collections import deque
from statistics import median

import framing
from card import Card

WANTED_MS = 95.0
"""Time for an answer: ten a second, and a little left for all else."""

RUNS = 8
"""How many runs are looked at together: a single one may have been disturbed."""

EASY = 0.85
"""More pixels are tried again where they would need this share of the time."""


class Pace:
    """Chooses among the sizes that a network takes, by the time of its runs.

    A network's time goes with the pixels that it looks at.
    """

    def __init__(self) -> None:
        self._limit: float | None = None
        self._runs: deque[float] = deque(maxlen=RUNS)

    def card(self, card: Card) -> Card:
        """Return a network's card, with as many of its sizes as are fast enough."""
        return card if self._limit is None else framing.limited(card, self._limit)

    def took(self, pixels: int, ms: float) -> None:
        """Record a run.

        Args:
            pixels: How many the network has looked at.
            ms: How long it took.
        """
        self._runs.append(ms)
        if len(self._runs) < RUNS:
            return
        in_time = pixels * WANTED_MS / median(self._runs)
        if in_time < pixels:
            self._change(in_time)
        elif self._limit is not None and EASY * in_time > self._limit:
            self._change(EASY * in_time)

    def _change(self, limit: float) -> None:
        self._limit = limit
        self._runs.clear()
