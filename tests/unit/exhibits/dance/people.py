"""Synthetic poses of a person who stands in a picture and moves their arms."""

import math
from collections.abc import Callable

import numpy as np

from pose import KEYPOINTS, Pose

HEIGHT = 400.0
"""Height of the person in pixels, in a 640x480 picture."""

FRAME = 1 / 30
"""Frame interval in s."""

Arm = tuple[float, float]
"""Angles of upper arm and forearm in degrees, from hanging down outward."""


def person(
    left: Arm = (10, 6),
    right: Arm = (10, 6),
    hips: tuple[float, float] = (320, 240),
    height: float = HEIGHT,
) -> Pose:
    """Return the pose of a person facing the camera; their left is at the picture's right."""
    points = np.zeros((17, 2), np.float32)

    def put(name: str, x: float, y: float) -> None:
        points[KEYPOINTS.index(name)] = hips[0] + x * height, hips[1] + y * height

    put("nose", 0, -0.373)
    for side, sign, angles in (("left", 1, left), ("right", -1, right)):
        put(f"{side} eye", sign * 0.01, -0.39)
        put(f"{side} ear", sign * 0.03, -0.38)
        x, y = sign * 0.1295, -0.288
        put(f"{side} shoulder", x, y)
        for joint, length, angle in zip(("elbow", "wrist"), (0.186, 0.146), angles, strict=True):
            x += sign * length * math.sin(math.radians(angle))
            y += length * math.cos(math.radians(angle))
            put(f"{side} {joint}", x, y)
        put(f"{side} hip", sign * 0.0955, 0)
        put(f"{side} knee", sign * 0.0955, 0.245)
        put(f"{side} ankle", sign * 0.0955, 0.491)
    return Pose(points, np.full(17, 0.9, np.float32))


def hands_up() -> Pose:
    return person((170, 180), (170, 180))


def without(pose: Pose, *names: str) -> Pose:
    """Return the pose with some keypoints undetected: displaced, with a low score."""
    points, scores = pose.points.copy(), pose.scores.copy()
    for name in names:
        points[KEYPOINTS.index(name)] = 0, 0
        scores[KEYPOINTS.index(name)] = 0.1
    return Pose(points, scores)


def trembling(pose: Pose, spread: float, random: np.random.Generator) -> Pose:
    """Return the pose with Gaussian noise of this standard deviation in pixels."""
    noise = random.normal(0, spread, pose.points.shape)
    return Pose((pose.points + noise).astype(np.float32), pose.scores)


def swinging(beat: float) -> Callable[[float], Pose]:
    """Return a dancer as a function of time: both arms move up or down in each beat."""

    def at(time: float) -> Pose:
        angle = 70 - 60 * math.cos(math.pi * time / beat)
        return person((angle, angle), (angle, angle))

    return at


def times(seconds: float, start: float = 0.0) -> list[float]:
    return [start + index * FRAME for index in range(round(seconds / FRAME))]
