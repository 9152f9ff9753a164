"""A hand before the camera as a point on the pad, wherever its owner stands."""

import math

from pose import KEYPOINTS, SEEN, Pose

WIDE, HIGH = 1.6, 1.0
"""How far a hand reaches on the pad's edges: in widths of the shoulders, to either side of their
middle, and above and below it."""

LOW = 1.15
"""In widths of the shoulders below them: a hand from here on hangs down, and points nowhere."""

NEAREST = 0.02
"""Width of the shoulders as a share of the picture's below which a person is too far away."""

_CLEARLY = 0.3
"""Widths of the shoulders by which the other hand must be higher, to be the one that points."""

_STILL = 0.03
"""How far on the pad a hand must go to be followed: nobody holds it quite still."""

_SHOULDERS = KEYPOINTS.index("left shoulder"), KEYPOINTS.index("right shoulder")
_WRISTS = KEYPOINTS.index("left wrist"), KEYPOINTS.index("right wrist")


class Hand:
    """The higher one of a visitor's hands, picture after picture."""

    def __init__(self) -> None:
        self._wrist = -1
        self._place: tuple[float, float] | None = None

    def update(self, pose: Pose, width: float, mirrored: bool) -> tuple[float, float] | None:
        """Return where the hand points on the pad, right and down of its middle.

        Args:
            pose: Without jitter.
            width: Of the picture, in the unit of the pose's points.
            mirrored: Whether the visitor sees themselves as in a mirror.

        Returns:
            Both in -1..1; `None` while there is no hand, or it hangs down.
        """
        raised = _raised(pose, width)
        if not raised:
            self._wrist, self._place = -1, None
            return None
        self._wrist = min(
            raised, key=lambda each: raised[each][1] - _CLEARLY * (each == self._wrist)
        )
        x, y = raised[self._wrist]
        place = _on_pad((-x if mirrored else x) / WIDE), _on_pad(y / HIGH)
        if self._place is None or math.dist(self._place, place) > _STILL:
            self._place = place
        return self._place


def _raised(pose: Pose, width: float) -> dict[int, tuple[float, float]]:
    """Return the raised wrists, in units of the shoulders' width."""
    seen = pose.scores >= SEEN
    left, right = (pose.points[each] for each in _SHOULDERS)
    unit = math.hypot(*(left - right).tolist())
    if not seen[list(_SHOULDERS)].all() or unit < NEAREST * width:
        return {}
    places = (pose.points - (left + right) / 2) / unit
    found = {wrist: (float(places[wrist, 0]), float(places[wrist, 1])) for wrist in _WRISTS}
    return {wrist: (x, y) for wrist, (x, y) in found.items() if seen[wrist] and y < LOW}


def _on_pad(part: float) -> float:
    return min(1.0, max(-1.0, part))
