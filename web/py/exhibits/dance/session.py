"""Phases of a dance: hands up, count-down, dance, playback."""

import math
from dataclasses import dataclass
from enum import Enum

from exhibits.dance.gesture import HandsUp
from pose import Pose, is_somebody

COUNT = 3
"""Duration of the count-down, in s."""

DANCE = 10.0
"""Duration of a dance, in s."""

PLAYBACK = 12.0
"""Duration of the playback phase, in s: the recording and a pause."""

ABSENCE = 2.0
"""Time without a dancer after which they have left, in s; detection gaps are shorter."""


class DancePhase(Enum):
    """Phase of a dance."""

    ATTRACT = "attract"
    INVITE = "invite"
    COUNT_DOWN = "count-down"
    DANCE = "dance"
    PLAYBACK = "playback"


@dataclass(frozen=True)
class DanceState:
    """State at one time.

    Attributes:
        phase: Current phase.
        elapsed: Time since the phase began, in s.
        count: 3, 2, 1 during the count-down, else 0.
        raised: Completed share of the start gesture, in 0..1.
    """

    phase: DancePhase
    elapsed: float
    count: int
    raised: float


class Session:
    """State machine of consecutive dances, on stream time."""

    def __init__(self) -> None:
        self._phase = DancePhase.ATTRACT
        self._since: float | None = None
        self._seen = -math.inf
        self._gesture = HandsUp()

    def update(self, time: float, pose: Pose | None) -> DanceState:
        """Update the state with a pose.

        Args:
            time: Stream time in s, not decreasing.
            pose: Pose, raw or smoothed; `None` if there is none.
        """
        since = time if self._since is None else self._since
        somebody = pose if pose and is_somebody(pose) else None
        if somebody:
            self._seen = time
        raised = self._gesture.update(time, somebody)
        self._since = since
        following = self._next(time, raised)
        if following is not self._phase:
            self._enter(following, time)
        return self._state(time)

    def begin(self, time: float) -> None:
        """Start the count-down as the gesture does; ignored during count-down and dance."""
        if self._phase not in (DancePhase.COUNT_DOWN, DancePhase.DANCE):
            self._enter(DancePhase.COUNT_DOWN, time)
            self._seen = time

    def _enter(self, phase: DancePhase, time: float) -> None:
        self._phase, self._since = phase, time

    def _next(self, time: float, raised: bool) -> DancePhase:
        elapsed = time - (self._since or 0.0)
        present = time - self._seen <= ABSENCE
        match self._phase:
            case DancePhase.COUNT_DOWN if not present:
                return DancePhase.ATTRACT
            case DancePhase.COUNT_DOWN:
                return DancePhase.DANCE if elapsed >= COUNT else DancePhase.COUNT_DOWN
            case DancePhase.DANCE:  # continues if the dancer leaves the picture
                return DancePhase.PLAYBACK if elapsed >= DANCE else DancePhase.DANCE
            case _ if raised:
                return DancePhase.COUNT_DOWN
            case DancePhase.PLAYBACK if elapsed < PLAYBACK:
                return DancePhase.PLAYBACK
            case _:
                return DancePhase.INVITE if present else DancePhase.ATTRACT

    def _state(self, time: float) -> DanceState:
        # The start button may be newer than this frame.
        elapsed = max(0.0, time - (self._since or 0.0))
        counting = self._phase is DancePhase.COUNT_DOWN
        count = max(1, COUNT - math.floor(elapsed)) if counting else 0
        asked = self._phase not in (DancePhase.COUNT_DOWN, DancePhase.DANCE)
        return DanceState(self._phase, elapsed, count, self._gesture.share(time) if asked else 0.0)
