"""The partner: mirrors and echoes the dancer, and improvises when they stand still."""

import math
from collections import deque
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from exhibits.dance import tempo
from exhibits.dance.body import REST, Moves, Observer, mirrored, speed
from exhibits.dance.improvising import improvised
from exhibits.dance.motion import Follower
from exhibits.dance.styles import Style, retargeted
from pose import Pose

PHRASE = 8
"""Beats per phrase, which is mirrored or echoed in turn: two bars of four."""

LATER = 4
"""Delay of an echo in beats: one bar."""

STILL_SPEED, MOVING_SPEED = 0.02, 0.04
"""Speeds (see `body.speed`) below which a dancer is still, and above which they move. A slowly
swinging arm has 0.04, smoothed jitter less than 0.02."""

STILL = 1.0
"""Time without motion before it improvises, in s: longer than dancers hold a posture."""

BLEND = 0.6
"""Duration of the transition between modes, in s."""

_STEP = 0.25
"""Period over which speed is measured, in s: half a beat, long enough to average out jitter."""


class Way(Enum):
    """Mode of the partner."""

    MIRROR = 0
    ECHO = 1
    IMPROVISE = 2


class Partner:
    """A figure that dances along with one stream of poses."""

    def __init__(self, style: Style, seed: int = 0) -> None:
        """Create a partner.

        Args:
            style: Style of the figure; can be changed at any time.
            seed: Seed of improvised moves.
        """
        self.style = style
        self.way = Way.IMPROVISE
        self.beat = tempo.ASSUMED
        self._seed = seed
        self._observer = Observer()
        self._follower = Follower(REST)
        self._past: deque[tuple[float, Moves, float]] = deque()
        self._weights = np.eye(len(Way))[Way.IMPROVISE.value]
        self._speed = 0.0
        self._moved = -math.inf
        self._phrase_ends = -math.inf
        self._beats = 0.0
        self._time: float | None = None

    def update(self, time: float, pose: Pose | None) -> NDArray[np.float64]:
        """Return the figure's joints for a new pose.

        Args:
            time: Stream time in s, not decreasing.
            pose: Smoothed pose of the dancer; `None` if there is none.

        Returns:
            Joints; see `exhibits.dance.styles.retargeted`.
        """
        passed = 0.0 if self._time is None else time - self._time
        self._time = time
        self._beats += passed / self.beat
        moves = self._observer.read(time, pose) if pose else None
        self._remember(time, moves)
        self.way = self._choose(time)
        self._blend(passed)
        return retargeted(self._follower.step(self._goal(time), passed), self.style)

    def _remember(self, time: float, moves: Moves | None) -> None:
        """Store the dancer's moves and speed; the speed is 0 without a dancer."""
        if moves is None:
            self._speed, self._moved = 0.0, -math.inf
            return
        self._speed = self._measure(time, moves)
        still = self.way is Way.IMPROVISE
        if self._speed > (MOVING_SPEED if still else STILL_SPEED):
            self._moved = time
        self._past.append((time, moves, self._speed))
        while self._past[0][0] < time - tempo.MEMORY:
            self._past.popleft()

    def _measure(self, time: float, moves: Moves) -> float:
        recent = (each for each in self._past if time - _STEP <= each[0] < time)
        before, done, _ = next(recent, (time - _STEP, moves, 0.0))
        return speed(done, moves, time - before)

    def _choose(self, time: float) -> Way:
        if time - self._moved > STILL:
            return Way.IMPROVISE
        if self.way is Way.IMPROVISE:
            return self._begin(time, Way.MIRROR)
        if time < self._phrase_ends:
            return self.way
        return self._begin(time, Way.ECHO if self.way is Way.MIRROR else Way.MIRROR)

    def _begin(self, time: float, way: Way) -> Way:
        """Begin a phrase; the current beat is used to its end."""
        self.beat = tempo.beat([each[0] for each in self._past], [each[2] for each in self._past])
        self._phrase_ends = time + PHRASE * self.beat
        return way

    def _blend(self, passed: float) -> None:
        wanted = np.eye(len(Way))[self.way.value]
        most = passed / BLEND
        self._weights = self._weights + np.clip(wanted - self._weights, -most, most)
        self._weights = self._weights / self._weights.sum()

    def _goal(self, time: float) -> Moves:
        own = improvised(self._beats, self.style, self._seed)
        if not self._past:
            return own
        ways = np.array([mirrored(self._past[-1][1]), self._echo(time), own])
        return np.tensordot(self._weights, ways, 1)

    def _echo(self, time: float) -> Moves:
        """Return the dancer's moves of `LATER` beats ago, or the first ones."""
        then = time - LATER * self.beat
        following = next((each for each in self._past if each[0] >= then), self._past[-1])
        return following[1]
