"""Both hands above the head, held: how a dancer says that they want to begin."""

import math

import numpy as np

from pose import KEYPOINTS, SEEN, Pose

HELD = 0.6
"""s for which the hands are up: longer than a wave passes there, shorter than arms get tired."""

OVERLOOKED = 0.2
"""s for which the network may lose a hand, as it does for a few frames before a lamp."""

_HEAD = [
    KEYPOINTS.index(name) for name in ("nose", "left eye", "right eye", "left ear", "right ear")
]
_HANDS = [KEYPOINTS.index("left wrist"), KEYPOINTS.index("right wrist")]


def hands_are_up(pose: Pose) -> bool:
    """Say whether both hands are seen above every part of the head that is seen."""
    head = [index for index in _HEAD if pose.scores[index] >= SEEN]
    if not head or not (pose.scores[_HANDS] >= SEEN).all():
        return False
    return bool(pose.points[_HANDS, 1].max() < pose.points[head, 1].min())


class HandsUp:
    """Notices the gesture, once each time: the hands go down before it counts again."""

    def __init__(self) -> None:
        self._since = math.inf
        self._last_up = -math.inf
        self._told = False

    def update(self, time: float, pose: Pose | None) -> bool:
        """Say whether the gesture is complete at this time.

        Args:
            time: Of the pose in the stream, in s.
            pose: Of the dancer; `None` while there is nobody.
        """
        if pose and hands_are_up(pose):
            self._since = min(self._since, time)
            self._last_up = time
        elif time - self._last_up > OVERLOOKED:
            self._since, self._told = math.inf, False
        complete = self.share(time) >= 1 and not self._told
        self._told |= complete
        return complete

    def share(self, time: float) -> float:
        """Return how much of the time the hands have been up for, in 0..1."""
        held = min(time, self._last_up) - self._since
        return float(np.clip(held / HELD, 0, 1))
