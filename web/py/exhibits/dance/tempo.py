"""Estimates a dancer's beat from the rise and fall of their speed.

The booth plays no music; where no beat is to be felt, it assumes one.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

ASSUMED = 0.5
"""s from beat to beat, 120 a minute: the tempo that people prefer, in tapping, walking and dance
music. (Moelants: Preferred tempo reconsidered, ICMPC 7, 2002.)"""

SHORTEST, LONGEST = 0.35, 1.0
"""s from beat to beat; of slower or quicker ones dancers step every second, or half of them."""

RATE = 30
"""Samples a second."""

MEMORY = 6.0
"""s that count: at least six beats."""

CLEAR = 0.4
"""How alike motion must be to itself a beat later: a correlation, 1 if it is the same."""


def beat(times: Sequence[float], speeds: Sequence[float]) -> float:
    """Return the period of the beat in s.

    Args:
        times: In the stream, in s, rising.
        speeds: How fast the dancer moved at these times, in any unit; one for each time.
    """
    if not times or times[-1] - times[0] < MEMORY / 2:
        return ASSUMED
    even = np.arange(max(times[0], times[-1] - MEMORY), times[-1], 1 / RATE)
    motion = np.interp(even, times, speeds)
    lags = np.arange(round(SHORTEST * RATE), round(LONGEST * RATE) + 1)
    alike = np.array([_alikeness(motion[:-lag], motion[lag:]) for lag in lags])
    # Two beats later it is alike as well: the first lag that is about as good as the best is one.
    first = int(np.argmax(alike >= 0.9 * alike.max()))
    while first + 1 < len(lags) and alike[first + 1] > alike[first]:
        first += 1
    return float(lags[first]) / RATE if alike[first] >= CLEAR else ASSUMED


def _alikeness(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    first, second = first - first.mean(), second - second.mean()
    spread = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / spread if spread else 0.0
