"""A dance as numbers: the poses and their times, as JSON that other programs can read."""

import json
from collections.abc import Sequence

import numpy as np

from pose import KEYPOINTS, Pose

FORMAT = "glassbooth-dance-1"
"""Format and version of the file; the version rises with incompatible changes."""


def to_json(
    poses: Sequence[tuple[float, Pose]], size: tuple[int, int], style: str, beat: float
) -> str:
    """Return a dance as JSON.

    Args:
        poses: Each with its time since the dance began, in s.
        size: Height and width of the pictures that the poses lie in, in pixels.
        style: Name of the partner's figure.
        beat: The dancer's last, in s.

    Returns:
        An object: ``format``, ``size``, ``style``, ``beat``, ``keypoints`` (the names, in order),
        ``frames``: each has ``time`` and ``points``, for each keypoint x, y and its score.
    """
    frames = [{"time": round(time, 3), "points": _rows(pose)} for time, pose in poses]
    dance = {
        "format": FORMAT,
        "size": {"height": size[0], "width": size[1]},
        "style": style,
        "beat": round(beat, 3),
        "keypoints": KEYPOINTS,
        "frames": frames,
    }
    return json.dumps(dance, separators=(",", ":"))


def _rows(pose: Pose) -> list[list[float]]:
    """Return x and y to a tenth of a pixel, and the score to a thousandth."""
    rows = np.column_stack([pose.points, pose.scores]).astype(np.float64)
    return [[round(x, 1), round(y, 1), round(score, 3)] for x, y, score in rows.tolist()]
