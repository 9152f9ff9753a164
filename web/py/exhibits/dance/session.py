"""Phases of a dance: hands up, count-down, dance, playback."""

import math
from dataclasses import dataclass
from enum import Enum

from exhibits.dance.gesture import HandsUp
from pose import Pose, is_somebody

COUNT = 3
"""s that are counted down before the dance."""

DANCE = 10.0
"""s that a dance takes."""

PLAYBACK = 12.0
"""s for which the recording is shown unless somebody begins anew: all of it, and a moment more."""

ABSENCE = 2.0
"""s without a dancer after which there is nobody; the network loses people for less than that."""


class Phase(Enum):
    """Phase of a dance."""

    ATTRACT = "attract"
    INVITE = "invite"
    COUNT_DOWN = "count-down"
    DANCE = "dance"
    PLAYBACK = "playback"


@dataclass(frozen=True)
class Moment:
    """State at one time.

    Attributes:
        phase: Where in its course the dance is.
        elapsed: s since the phase began.
        count: 3, 2, 1 while it is counted down, else 0.
        raised: How much of the gesture that begins is done, in 0..1.
    """

    phase: Phase
    elapsed: float
    count: int
    raised: float


class Session:
    """State machine of one dance after the other, on the stream's time."""

    def __init__(self) -> None:
        self._phase = Phase.ATTRACT
        self._since: float | None = None
        self._seen = -math.inf
        self._gesture = HandsUp()

    def update(self, time: float, pose: Pose | None) -> Moment:
        """Update the state with a pose.

        Args:
            time: In the stream, in s; not before the last one.
            pose: As the network has it, or smoothed; `None` if there is none.
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
        return self._moment(time)

    def begin(self, time: float) -> None:
        """Count the dancer in, as if their hands had been up; a dance is not disturbed."""
        if self._phase not in (Phase.COUNT_DOWN, Phase.DANCE):
            self._enter(Phase.COUNT_DOWN, time)
            self._seen = time

    def _enter(self, phase: Phase, time: float) -> None:
        self._phase, self._since = phase, time

    def _next(self, time: float, raised: bool) -> Phase:
        elapsed = time - (self._since or 0.0)
        present = time - self._seen <= ABSENCE
        match self._phase:
            case Phase.COUNT_DOWN if not present:
                return Phase.ATTRACT
            case Phase.COUNT_DOWN:
                return Phase.DANCE if elapsed >= COUNT else Phase.COUNT_DOWN
            case Phase.DANCE:  # a dancer may leave the picture: it is their dance
                return Phase.PLAYBACK if elapsed >= DANCE else Phase.DANCE
            case _ if raised:
                return Phase.COUNT_DOWN
            case Phase.PLAYBACK if elapsed < PLAYBACK:
                return Phase.PLAYBACK
            case _:
                return Phase.INVITE if present else Phase.ATTRACT

    def _moment(self, time: float) -> Moment:
        # A button may have been pressed after this picture was taken.
        elapsed = max(0.0, time - (self._since or 0.0))
        counting = self._phase is Phase.COUNT_DOWN
        count = max(1, COUNT - math.floor(elapsed)) if counting else 0
        asked = self._phase not in (Phase.COUNT_DOWN, Phase.DANCE)
        return Moment(self._phase, elapsed, count, self._gesture.share(time) if asked else 0.0)
