"""The course of a dance: hands up, a count-down, the dance, and seeing it again."""

import math
from dataclasses import dataclass
from enum import Enum

from vision.dance.gesture import HandsUp
from vision.dance.smoothing import SEEN
from vision.pose import KEYPOINTS, Pose

COUNT = 3
"""s that are counted down before the dance."""

DANCE = 10.0
"""s that a dance takes."""

PLAYBACK = 12.0
"""s for which the recording is shown unless somebody begins anew: all of it, and a moment more."""

ABSENCE = 2.0
"""s without a dancer after which there is nobody; the network loses people for less than that."""

_TRUNK = [KEYPOINTS.index(name) for name in ("left shoulder", "right shoulder")]


class Stage(Enum):
    """Where in its course a dance is."""

    ATTRACT = "attract"
    INVITE = "invite"
    COUNT_DOWN = "count-down"
    DANCE = "dance"
    PLAYBACK = "playback"


@dataclass(frozen=True)
class Moment:
    """What there is to show now.

    Attributes:
        stage: Where in its course the dance is.
        elapsed: s since the stage began.
        count: 3, 2, 1 while it is counted down, else 0.
        raised: How much of the gesture that begins is done, in 0..1.
    """

    stage: Stage
    elapsed: float
    count: int
    raised: float


def is_somebody(pose: Pose) -> bool:
    """Say whether a pose is a person's: both shoulders are seen."""
    return bool((pose.scores[_TRUNK] >= SEEN).all())


class Session:
    """The course of one dance after the other, on the stream's time."""

    def __init__(self) -> None:
        self._stage = Stage.ATTRACT
        self._since: float | None = None
        self._seen = -math.inf
        self._gesture = HandsUp()

    def update(self, time: float, pose: Pose | None) -> Moment:
        """Go on.

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
        if following is not self._stage:
            self._enter(following, time)
        return self._moment(time)

    def begin(self, time: float) -> None:
        """Count the dancer in, as if their hands had been up; a dance is not disturbed."""
        if self._stage not in (Stage.COUNT_DOWN, Stage.DANCE):
            self._enter(Stage.COUNT_DOWN, time)
            self._seen = time

    def _enter(self, stage: Stage, time: float) -> None:
        self._stage, self._since = stage, time

    def _next(self, time: float, raised: bool) -> Stage:
        elapsed = time - (self._since or 0.0)
        present = time - self._seen <= ABSENCE
        match self._stage:
            case Stage.COUNT_DOWN if not present:
                return Stage.ATTRACT
            case Stage.COUNT_DOWN:
                return Stage.DANCE if elapsed >= COUNT else Stage.COUNT_DOWN
            case Stage.DANCE:  # a dancer may leave the picture: it is their dance
                return Stage.PLAYBACK if elapsed >= DANCE else Stage.DANCE
            case _ if raised:
                return Stage.COUNT_DOWN
            case Stage.PLAYBACK if elapsed < PLAYBACK:
                return Stage.PLAYBACK
            case _:
                return Stage.INVITE if present else Stage.ATTRACT

    def _moment(self, time: float) -> Moment:
        # A button may have been pressed after this picture was taken.
        elapsed = max(0.0, time - (self._since or 0.0))
        counting = self._stage is Stage.COUNT_DOWN
        count = max(1, COUNT - math.floor(elapsed)) if counting else 0
        asked = self._stage not in (Stage.COUNT_DOWN, Stage.DANCE)
        return Moment(self._stage, elapsed, count, self._gesture.share(time) if asked else 0.0)
