"""Poses of a person: keypoints, detection of a person, and the One Euro filter.

Casiez, Roussel, Vogel: 1 € Filter: A Simple Speed-based Low-pass Filter for Noisy Input in
Interactive Systems, CHI 2012, https://doi.org/10.1145/2207676.2208639. A first-order low-pass
filter whose cut-off rises with speed: still points do not jitter, fast ones do not lag.
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
"""Hz. Tuned first, as in the paper, on a still point: noise of up to 1/250 of the side, about a
pixel of MoveNet's input, is reduced to less than a fifth at 30 frames per second."""

SPEED_COEFFICIENT = 2.5
"""Hz per side of the picture per second; the paper's beta. Tuned second, on fast points: above half
a side per second, typical of hands in a dance, the lag is less than 80 ms."""

SPEED_CUTOFF = 1.0
"""Cut-off of the speed's filter in Hz; the paper's value, which needs no tuning."""

SEEN = 0.3
"""Least score of a seen keypoint; MoveNet's authors draw from 0.3 on:
https://www.tensorflow.org/hub/tutorials/movenet"""

FORGOTTEN = 0.5
"""Time unseen after which a point restarts without smoothing, in s."""


_TRUNK = [KEYPOINTS.index(name) for name in ("left shoulder", "right shoulder")]


def is_somebody(pose: Pose) -> bool:
    """Return whether a pose shows a person: both shoulders are seen."""
    return bool((pose.scores[_TRUNK] >= SEEN).all())


class Smoother:
    """The filter of one stream of poses."""

    def __init__(self, side: float) -> None:
        """Begin a stream.

        Args:
            side: Longer side of the pictures, in the unit of the points; jitter is proportional to
                it.

        Raises:
            ValueError: If the side is not positive.
        """
        if not side > 0:
            raise ValueError(f"side: expected more than 0, got {side}")
        self._side = side
        self._time = -math.inf
        self._points = np.zeros((0, 2))
        self._speeds = np.zeros((0, 2))
        self._last_seen = np.zeros(0)

    def update(self, time: float, pose: Pose) -> Pose:
        """Return the smoothed pose; unseen points keep their positions.

        Args:
            time: Stream time of the pose in s, increasing.
            pose: Pose of the network.

        Raises:
            ValueError: If the time does not increase.
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
    """Return the smoothing factor of a filter of this cut-off in Hz for a step of ``passed`` s."""
    turned = 2 * math.pi * cutoff * passed
    share: NDArray[np.float64] = turned / (turned + 1)
    return share
