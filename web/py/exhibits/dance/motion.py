"""Motion with bounded speed and acceleration."""

import numpy as np
from numpy.typing import NDArray

from exhibits.dance.body import Moves, shortened

FASTEST = 12.0
"""Greatest speed, in bone lengths per second: two turns of a forearm per second."""

ACCELERATION = 120.0
"""Greatest acceleration, in bone lengths per s²: reaches `FASTEST` in 0.1 s."""

REACTION = 0.08
"""Lag behind the target, in s; human reaction time is about twice that."""

LONGEST_STEP = 0.1
"""Longest time step, in s; longer gaps in the stream count as this."""


class Follower:
    """Moves that follow a target."""

    def __init__(self, start: Moves) -> None:
        """Start at rest with these moves."""
        self.moves = start.copy()
        self._velocity = np.zeros_like(start)

    def step(self, goal: Moves, passed: float) -> Moves:
        """Advance toward a target, and return the new moves.

        Args:
            goal: Target moves; may be discontinuous.
            passed: Time since the last step in s, at least 0.

        Raises:
            ValueError: If ``passed`` is negative.
        """
        if passed < 0:
            raise ValueError(f"passed: expected at least 0 s, got {passed} s")
        passed = min(passed, LONGEST_STEP)
        wanted = _approach(goal - self.moves, max(REACTION, passed))
        self._velocity += shortened(wanted - self._velocity, max(ACCELERATION * passed, 1e-9))
        self.moves = self.moves + self._velocity * passed
        return self.moves


def _approach(distance: NDArray[np.float64], reaction: float) -> NDArray[np.float64]:
    """Return a velocity from which motion can stop without overshoot.

    The braking distance at speed v is v² / 2a; half is kept in reserve because time is discrete.
    """
    left = np.hypot(*distance.T)
    speeds = np.minimum(left / reaction, np.minimum(np.sqrt(ACCELERATION * left), FASTEST))
    velocity: NDArray[np.float64] = distance * (speeds / np.maximum(left, 1e-9))[:, np.newaxis]
    return velocity
