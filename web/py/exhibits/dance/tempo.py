"""Estimate a dancer's beat by autocorrelation of their speed.

The booth plays no music; without a clear beat, a default is assumed.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

ASSUMED = 0.5
"""Default period in s, 120 beats per minute: preferred in tapping, walking and dance music
(Moelants: Preferred tempo reconsidered, ICMPC 7, 2002)."""

SHORTEST, LONGEST = 0.35, 1.0
"""Range of periods in s; outside it dancers step on half beats, or on every second one."""

RATE = 30
"""Samples per second."""

MEMORY = 6.0
"""Length of the analysed history in s: at least six beats."""

CLEAR = 0.4
"""Least autocorrelation of a clear beat; 1 is identical motion."""


def beat(times: Sequence[float], speeds: Sequence[float]) -> float:
    """Return the period of the beat in s.

    Args:
        times: Stream times in s, increasing.
        speeds: Speed of the dancer at these times, in any unit.
    """
    if not times or times[-1] - times[0] < MEMORY / 2:
        return ASSUMED
    even = np.arange(max(times[0], times[-1] - MEMORY), times[-1], 1 / RATE)
    motion = np.interp(even, times, speeds)
    lags = np.arange(round(SHORTEST * RATE), round(LONGEST * RATE) + 1)
    alike = np.array([_alikeness(motion[:-lag], motion[lag:]) for lag in lags])
    # Multiples of the beat correlate too: take the first lag about as good as the best.
    first = int(np.argmax(alike >= 0.9 * alike.max()))
    while first + 1 < len(lags) and alike[first + 1] > alike[first]:
        first += 1
    return float(lags[first]) / RATE if alike[first] >= CLEAR else ASSUMED


def _alikeness(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    first, second = first - first.mean(), second - second.mean()
    spread = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / spread if spread else 0.0
