"""A dancer's moves, independent of position and size.

`Moves` are what dancer and partner have in common: an array ``(15, 2) float64``, y downward. Row 0
is how far the hips are from where they rest, in lengths of a leg; each other row is the bone that
leads to a joint, as a share of that bone's own length, so about as long as 1, and shorter if the
bone points to the camera. It is a vector and not an angle: there is no turn over which it jumps,
and a mean of two is what lies between them.
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pose import KEYPOINTS, SEEN, Pose

Moves: TypeAlias = NDArray[np.float64]
"""Moves of a body, as the module describes."""

JOINTS = ("hips", "neck", "head", *KEYPOINTS[5:])
"""The rows of `Moves`; hips and neck are the middles between hips and between shoulders."""

PARENTS = (-1, 0, 1, 1, 1, 3, 4, 5, 6, 0, 0, 9, 10, 11, 12)
"""The joint that each bone comes from."""

PROPORTIONS = np.array(
    [
        *(0.491, 0.288, 0.085),
        *(0.1295, 0.1295, 0.186, 0.186, 0.146, 0.146),
        *(0.0955, 0.0955, 0.245, 0.245, 0.246, 0.246),
    ]
)
"""``(15,)``: a leg, then the bones, as shares of a person's height: Drillis and Contini, 1966,
as in Winter, Biomechanics and Motor Control of Human Movement. The nose: between chin and eyes."""

REST: Moves = np.array(
    [
        *([0, 0], [0, -1], [0, -1]),
        *([1, 0], [-1, 0], [0.17, 0.98], [-0.17, 0.98], [0.1, 0.99], [-0.1, 0.99]),
        *([1, 0], [-1, 0], [0, 1], [0, 1], [0, 1], [0, 1]),
    ]
)
"""Standing at ease, seen from the front: the left is where x grows."""

LONGEST = 1.2
"""How long a bone of a dancer gets, at most: people differ by less, networks err by more."""

HOME = 3.0
"""s in which the place where a dancer rests follows them."""

GROWTH = 2.0
"""s in which their size is followed: as slowly as people walk toward a camera."""

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
    """Return the moves as a mirror shows them: left is right, in space and of the body."""
    return moves[_SIDES] * (-1, 1)


def speed(before: Moves, after: Moves, passed: float) -> float:
    """Return how fast a body moves between two moments ``passed`` s apart.

    Returns:
        The mean of all bones' ends against their beginnings, in the body's heights a second.
    """
    moved = (after - before) * PROPORTIONS[:, np.newaxis]
    return float(np.hypot(*moved.T).mean() / passed)


class Observer:
    """Derives moves from a stream of poses of one dancer."""

    def __init__(self) -> None:
        self._time = 0.0
        self._height = 0.0
        self._home: NDArray[np.float64] | None = None

    def read(self, time: float, pose: Pose) -> Moves | None:
        """Return the dancer's moves; bones that are not seen rest.

        Args:
            time: Of the pose in the stream, in s.
            pose: As `pose.Smoother` has it.

        Returns:
            The moves; `None` if so little is seen that there is nobody.
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
        # Hips below the picture's edge hang under the neck.
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
    """Return the height of a person in pixels, by what of the trunk is seen; 0 if nothing is.

    Trunk and shoulders look shorter when they are turned, never longer: the larger answer is it.
    """
    neck, left, right = (JOINTS.index(name) for name in ("neck", "left shoulder", "right shoulder"))
    if not seen[neck]:
        return 0.0
    across = math.dist(joints[left], joints[right]) / (PROPORTIONS[left] + PROPORTIONS[right])
    along = math.dist(joints[0], joints[neck]) / PROPORTIONS[neck] if seen[0] else 0.0
    return float(max(across, along))
