"""Motion with bounded speed and acceleration."""

import numpy as np
from numpy.typing import NDArray

from exhibits.dance.body import Moves, shortened

FASTEST = 12.0
"""Bones a second: a forearm that turns right round twice a second, as in the quickest waves."""

ACCELERATION = 120.0
"""Bones a second, each second: the fastest is reached in a tenth of a second."""

REACTION = 0.08
"""s that it keeps behind what it follows; people take twice that to react."""

LONGEST_STEP = 0.1
"""s: after a longer gap in the stream, motion goes on as if only this had passed."""


class Follower:
    """Moves that follow a target."""

    def __init__(self, start: Moves) -> None:
        """Begin at rest with these moves."""
        self.moves = start.copy()
        self._velocity = np.zeros_like(start)

    def step(self, goal: Moves, passed: float) -> Moves:
        """Advance toward a target, and return the new moves.

        Args:
            goal: Anything; it may jump.
            passed: s since the last step, at least 0.

        Raises:
            ValueError: If less than 0 s have passed.
        """
        if passed < 0:
            raise ValueError(f"passed: expected at least 0 s, got {passed} s")
        passed = min(passed, LONGEST_STEP)
        wanted = _approach(goal - self.moves, max(REACTION, passed))
        self._velocity += shortened(wanted - self._velocity, max(ACCELERATION * passed, 1e-9))
        self.moves = self.moves + self._velocity * passed
        return self.moves


def _approach(distance: NDArray[np.float64], reaction: float) -> NDArray[np.float64]:
    """Return the velocity to go with, so that it can be braked before the goal is passed.

    From speed v it takes v² / 2a to stop; half of that is kept in reserve, as time is in steps.
    """
    left = np.hypot(*distance.T)
    speeds = np.minimum(left / reaction, np.minimum(np.sqrt(ACCELERATION * left), FASTEST))
    velocity: NDArray[np.float64] = distance * (speeds / np.maximum(left, 1e-9))[:, np.newaxis]
    return velocity
