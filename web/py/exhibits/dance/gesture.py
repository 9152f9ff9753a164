"""The start gesture: both hands held above the head."""

import math

import numpy as np

from pose import KEYPOINTS, SEEN, Pose

HELD = 0.6
"""Duration of the gesture, in s: longer than a wave, short enough not to tire the arms."""

OVERLOOKED = 0.2
"""Longest gap in the detection of a hand, in s; backlight causes gaps of a few frames."""

_HEAD = [
    KEYPOINTS.index(name) for name in ("nose", "left eye", "right eye", "left ear", "right ear")
]
_HANDS = [KEYPOINTS.index("left wrist"), KEYPOINTS.index("right wrist")]


def hands_are_up(pose: Pose) -> bool:
    """Return whether both hands are seen above all seen keypoints of the head."""
    head = [index for index in _HEAD if pose.scores[index] >= SEEN]
    if not head or not (pose.scores[_HANDS] >= SEEN).all():
        return False
    return bool(pose.points[_HANDS, 1].max() < pose.points[head, 1].min())


class HandsUp:
    """Detects the gesture; hands must go down before it counts again."""

    def __init__(self) -> None:
        self._since = math.inf
        self._last_up = -math.inf
        self._told = False

    def update(self, time: float, pose: Pose | None) -> bool:
        """Return whether the gesture is complete at this time.

        Args:
            time: Stream time of the pose, in s.
            pose: Pose of the dancer; `None` if there is none.
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
        """Return the completed share of the gesture, in 0..1."""
        held = min(time, self._last_up) - self._since
        return float(np.clip(held / HELD, 0, 1))
