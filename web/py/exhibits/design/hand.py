"""Map a hand before the camera to a point on the pad, independent of the visitor's position."""

import math

from pose import KEYPOINTS, SEEN, Pose

WIDE, HIGH = 1.6, 1.0
"""Offset of the hand from the centre at the pad's edges, horizontally and vertically, in shoulder
widths."""

LOW = 1.15
"""Distance below the shoulders, in shoulder widths, from which a hand counts as lowered."""

NEAREST = 0.02
"""Least shoulder width, as a share of the picture's width; smaller persons are too far away."""

_CLEARLY = 0.3
"""Height by which the other hand must be higher to take over, in shoulder widths."""

_STILL = 0.03
"""Least movement on the pad that is followed; smaller ones are tremor."""

_SHOULDERS = KEYPOINTS.index("left shoulder"), KEYPOINTS.index("right shoulder")
_WRISTS = KEYPOINTS.index("left wrist"), KEYPOINTS.index("right wrist")


class Hand:
    """Tracks the higher one of a visitor's hands."""

    def __init__(self) -> None:
        self._wrist = -1
        self._place: tuple[float, float] | None = None

    def update(self, pose: Pose, width: float, mirrored: bool) -> tuple[float, float] | None:
        """Return the hand's point on the pad, right and down of its centre.

        Args:
            pose: Smoothed pose.
            width: Width of the picture, in the unit of the pose's points.
            mirrored: Whether the picture is shown mirrored.

        Returns:
            Both in -1..1; `None` if no hand is raised.
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
    """Return the raised wrists' positions, in shoulder widths."""
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
