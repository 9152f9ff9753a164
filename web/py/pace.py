"""Choose input sizes for live pictures that reach the wanted frame rate."""

from collections import deque
from statistics import median

import framing
from card import Card

WANTED_MS = 95.0
"""Target time per answer, in ms: ten per second, with some reserve."""

RUNS = 8
"""Number of runs evaluated together, to even out single slow ones."""

EASY = 0.85
"""Predicted share of the target time below which more pixels are tried again."""


class Pace:
    """Chooses among a network's sizes by the time of its runs, taken as proportional to pixels."""

    def __init__(self) -> None:
        self._limit: float | None = None
        self._runs: deque[float] = deque(maxlen=RUNS)

    def card(self, card: Card) -> Card:
        """Return a network's card with only the sizes that are fast enough."""
        return card if self._limit is None else framing.limited(card, self._limit)

    def took(self, pixels: int, ms: float) -> None:
        """Record a run.

        Args:
            pixels: Pixels of the network's input.
            ms: Time of the run.
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
