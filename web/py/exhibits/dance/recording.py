"""Poses of a dance and their times, as JSON."""

import json
from collections.abc import Sequence

import numpy as np

from pose import KEYPOINTS, Pose

FORMAT = "glassbooth-dance-1"
"""File format; the number increases with incompatible changes."""


def to_json(
    poses: Sequence[tuple[float, Pose]], size: tuple[int, int], style: str, beat: float
) -> str:
    """Return a dance as JSON.

    Args:
        poses: Poses, each with its time since the start of the dance, in s.
        size: Height and width of the camera frames, in pixels.
        style: Name of the partner's style.
        beat: Last period of the dancer's beat, in s.

    Returns:
        An object: ``format``, ``size``, ``style``, ``beat``, ``keypoints`` (names, in order),
        ``frames``: each has ``time``, and in ``points`` x, y and score of each keypoint.
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
    """Return x and y rounded to 0.1 pixels, and scores rounded to 0.001."""
    rows = np.column_stack([pose.points, pose.scores]).astype(np.float64)
    return [[round(x, 1), round(y, 1), round(score, 3)] for x, y, score in rows.tolist()]
