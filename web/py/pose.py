"""A person's pose: its keypoints, whether somebody is there, and the One Euro filter.

Casiez, Roussel, Vogel: 1 € Filter: A Simple Speed-based Low-pass Filter for Noisy Input in
Interactive Systems, CHI 2012, https://doi.org/10.1145/2207676.2208639. A low-pass filter of first
order whose cut-off rises with speed: a still point does not tremble, a quick one does not lag.
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from outputs.points import Points

Pose: TypeAlias = Points
"""Points in the order of `KEYPOINTS`."""

KEYPOINTS = (
    "nose",
    "left eye",
    "right eye",
    "left ear",
    "right ear",
    "left shoulder",
    "right shoulder",
    "left elbow",
    "right elbow",
    "left wrist",
    "right wrist",
    "left hip",
    "right hip",
    "left knee",
    "right knee",
    "left ankle",
    "right ankle",
)
"""COCO's seventeen keypoints in its order; left and right are the person's own."""

MIN_CUTOFF = 0.2
"""Hz. Chosen first, as the paper says, on a still point: noise of up to 1/250 of the side, which is
about a pixel of what MoveNet sees, leaves with less than a fifth of its spread at 30 a second."""

SPEED_COEFFICIENT = 2.5
"""Hz for each side of the picture a second; the paper's beta. Chosen then on quick points: from
half a side a second on, which a hand passes in any dance, a point is never shown 80 ms late."""

SPEED_CUTOFF = 1.0
"""Hz, of the filter of the speed; the paper's value, which it says need not be tuned."""

SEEN = 0.3
"""A keypoint of a lower score is not where the network says; MoveNet's authors draw from 0.3 on:
https://www.tensorflow.org/hub/tutorials/movenet"""

FORGOTTEN = 0.5
"""s after which a point that comes back starts afresh, and does not sweep there."""


_TRUNK = [KEYPOINTS.index(name) for name in ("left shoulder", "right shoulder")]


def is_somebody(pose: Pose) -> bool:
    """Say whether a pose is a person's: both shoulders are seen."""
    return bool((pose.scores[_TRUNK] >= SEEN).all())


class Smoother:
    """The filter of one stream of poses."""

    def __init__(self, side: float) -> None:
        """Begin a stream.

        Args:
            side: The longer side of the pictures, in the unit of the points: the network sees the
                picture reduced to a square of that side, so its jitter is a share of it.

        Raises:
            ValueError: If the side is not above 0.
        """
        if not side > 0:
            raise ValueError(f"side: expected more than 0, got {side}")
        self._side = side
        self._time = -math.inf
        self._points = np.zeros((0, 2))
        self._speeds = np.zeros((0, 2))
        self._last_seen = np.zeros(0)

    def update(self, time: float, pose: Pose) -> Pose:
        """Return the pose without jitter; points that are not seen stay where they were.

        Args:
            time: Of the pose in the stream, in s; later than the one before.
            pose: As the network has it.

        Raises:
            ValueError: If the time is not later than the one before.
        """
        raw, seen = pose.points / self._side, pose.scores >= SEEN
        if not len(self._points):
            self._points, self._speeds = raw.astype(np.float64), np.zeros(raw.shape)
            self._last_seen = np.full(len(raw), -math.inf)
        elif time <= self._time:
            raise ValueError(f"time: expected more than {self._time} s, got {time} s")
        afresh = seen & (time - self._last_seen > FORGOTTEN)
        self._points[afresh], self._speeds[afresh] = raw[afresh], 0
        follow = seen & ~afresh
        self._follow(raw, follow, time - self._last_seen)
        self._last_seen[seen], self._time = time, time
        return Points((self._points * self._side).astype(np.float32), pose.scores)

    def _follow(
        self, raw: NDArray[np.float32], which: NDArray[np.bool_], elapsed: NDArray[np.float64]
    ) -> None:
        points, passed = self._points[which], elapsed[which, np.newaxis]
        measured = (raw[which] - points) / passed
        speeds = self._speeds[which]
        speeds = speeds + _share(SPEED_CUTOFF, passed) * (measured - speeds)
        cutoff = MIN_CUTOFF + SPEED_COEFFICIENT * np.hypot(*speeds.T)[:, np.newaxis]
        self._points[which] = points + _share(cutoff, passed) * (raw[which] - points)
        self._speeds[which] = speeds


def _share(cutoff: float | NDArray[np.float64], passed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much of a step a filter of this cut-off in Hz takes in ``passed`` s."""
    turned = 2 * math.pi * cutoff * passed
    share: NDArray[np.float64] = turned / (turned + 1)
    return share
