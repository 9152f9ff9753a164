"""Chooses input sizes for live pictures so that answers come fast enough."""

from collections import deque
from statistics import median

import framing
from card import Card

WANTED_MS = 95.0
"""Target time of an answer: ten per second, with a margin for everything else."""

RUNS = 8
"""Window of the median: single runs may be disturbed."""

EASY = 0.85
"""A larger size is tried again where it would take this share of the target."""


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
