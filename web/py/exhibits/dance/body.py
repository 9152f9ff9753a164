"""A dancer's moves, independent of position and size.

`Moves` are an array ``(15, 2) float64``, y downward. Row 0 is the offset of the hips from rest, in
leg lengths. Each other row is the bone that ends at a joint, divided by the bone's length: its norm
is about 1, less if the bone is foreshortened. Vectors can be averaged: they do not wrap
around like angles.
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pose import KEYPOINTS, SEEN, Pose

Moves: TypeAlias = NDArray[np.float64]
"""``(15, 2) float64``; see the module."""

JOINTS = ("hips", "neck", "head", *KEYPOINTS[5:])
"""Rows of `Moves`; "hips" and "neck" are the midpoints of the hips and of the shoulders."""

PARENTS = (-1, 0, 1, 1, 1, 3, 4, 5, 6, 0, 0, 9, 10, 11, 12)
"""Index of the joint where each bone starts; -1 for the hips."""

PROPORTIONS = np.array(
    [
        *(0.491, 0.288, 0.085),
        *(0.1295, 0.1295, 0.186, 0.186, 0.146, 0.146),
        *(0.0955, 0.0955, 0.245, 0.245, 0.246, 0.246),
    ]
)
"""``(15,)``: leg and bones as shares of a person's height, from Drillis and Contini, 1966, as in
Winter, Biomechanics and Motor Control of Human Movement. The nose is between chin and eyes."""

REST: Moves = np.array(
    [
        *([0, 0], [0, -1], [0, -1]),
        *([1, 0], [-1, 0], [0.17, 0.98], [-0.17, 0.98], [0.1, 0.99], [-0.1, 0.99]),
        *([1, 0], [-1, 0], [0, 1], [0, 1], [0, 1], [0, 1]),
    ]
)
"""Moves of a person who stands at rest, seen from the front; their left is at larger x."""

LONGEST = 1.2
"""Greatest norm of a bone: people vary by less, errors of the network are larger."""

HOME = 3.0
"""Time constant, in s, of the dancer's rest position."""

GROWTH = 2.0
"""Time constant, in s, of the dancer's size: as slow as a walk toward the camera."""

_SIDES = [0, 1, 2, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13]
_AHEAD = np.array(PARENTS[1:])
_ENDS = np.array(
    [
        [KEYPOINTS.index(f"left {part}"), KEYPOINTS.index(f"right {part}")]
        for part in ("hip", "shoulder")
    ]
    + [[KEYPOINTS.index("nose" if name == "head" else name)] * 2 for name in JOINTS[2:]]
)


def mirrored(moves: Moves) -> Moves:
    """Return mirrored moves: x is negated, left and right joints are swapped."""
    return moves[_SIDES] * (-1, 1)


def speed(before: Moves, after: Moves, passed: float) -> float:
    """Return the speed of a body between two sets of moves ``passed`` s apart.

    Returns:
        Mean over the bones, in body heights per second.
    """
    moved = (after - before) * PROPORTIONS[:, np.newaxis]
    return float(np.hypot(*moved.T).mean() / passed)


class Observer:
    """Computes moves from a stream of poses of one dancer."""

    def __init__(self) -> None:
        self._time = 0.0
        self._height = 0.0
        self._home: NDArray[np.float64] | None = None

    def read(self, time: float, pose: Pose) -> Moves | None:
        """Return the dancer's moves; unseen bones are at rest.

        Args:
            time: Stream time of the pose, in s.
            pose: Smoothed by `pose.Smoother`.

        Returns:
            The moves; `None` if too little of the dancer is seen.
        """
        joints = pose.points[_ENDS].mean(axis=1, dtype=np.float64)
        seen = pose.scores[_ENDS].min(axis=1) >= SEEN
        height = _height(joints, seen)
        if not height:
            return None
        self._follow(time, height)
        bones = (joints[1:] - joints[_AHEAD]) / (self._height * PROPORTIONS[1:, np.newaxis])
        shown = (seen[1:] & seen[_AHEAD])[:, np.newaxis]
        moves = np.concatenate([REST[:1], np.where(shown, shortened(bones, LONGEST), REST[1:])])
        # Hips below the picture's edge are taken to be under the neck.
        hips = joints[0] if seen[0] else joints[1] + [0, self._height * PROPORTIONS[1]]
        moves[0] = self._offset(time, hips)
        self._time = time
        return moves

    def _follow(self, time: float, height: float) -> None:
        share = 1 - math.exp(-(time - self._time) / GROWTH) if self._height else 1.0
        self._height += share * (height - self._height)

    def _offset(self, time: float, hips: NDArray[np.float64]) -> NDArray[np.float64]:
        if self._home is None:
            self._home = hips
        self._home = self._home + (1 - math.exp(-(time - self._time) / HOME)) * (hips - self._home)
        legs: float = self._height * float(PROPORTIONS[0])
        return (hips - self._home) / legs


def shortened(bones: NDArray[np.float64], longest: float) -> NDArray[np.float64]:
    """Return vectors ``(..., 2)`` with none longer than ``longest``."""
    lengths = np.hypot(bones[..., 0], bones[..., 1])[..., np.newaxis]
    limited: NDArray[np.float64] = bones * (longest / np.maximum(lengths, longest))
    return limited


def _height(joints: NDArray[np.float64], seen: NDArray[np.bool_]) -> float:
    """Estimate a person's height in pixels from the seen parts of the trunk; 0 if none is seen.

    Rotation only foreshortens trunk and shoulders, so the larger estimate is used.
    """
    neck, left, right = (JOINTS.index(name) for name in ("neck", "left shoulder", "right shoulder"))
    if not seen[neck]:
        return 0.0
    across = math.dist(joints[left], joints[right]) / (PROPORTIONS[left] + PROPORTIONS[right])
    along = math.dist(joints[0], joints[neck]) / PROPORTIONS[neck] if seen[0] else 0.0
    return float(max(across, along))
