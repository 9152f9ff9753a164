"""How a person stands: from a photograph to the network's input, and from its output to keypoints.

The network is MoveNet SinglePose (Google, 2021, https://tfhub.dev/google/movenet/singlepose/lightning/4),
or one that answers alike: for each keypoint its y and x as shares of the input's sides, and how
sure it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision import framing
from vision.card import Card
from vision.framing import Frame

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


@dataclass(frozen=True, eq=False)
class Pose:
    """Where a person's keypoints are, in the order of `KEYPOINTS`.

    Attributes:
        points: ``(17, 2) float32``: x and y in pixels of the picture; beside it if need be.
        scores: ``(17,) float32`` in 0..1: how sure the network is of each.
    """

    points: NDArray[np.float32]
    scores: NDArray[np.float32]


def prepare(rgb: NDArray[np.uint8], card: Card) -> NDArray[np.float32] | NDArray[np.int32]:
    """Turn a photograph into the network's input; see `vision.framing.prepare`."""
    return framing.prepare(rgb, card)


def read(outputs: Sequence[NDArray[Any]], card: Card, size: tuple[int, int]) -> Pose:
    """Turn the network's output into a pose.

    Args:
        outputs: Of the network; the first is ``(1, 1, 17, 3) float32``: y, x, score, in 0..1.
        card: Of the network; its input is ``(1, h, w, 3)``.
        size: Height and width of the picture.

    Raises:
        ValueError: If the output has another shape, or holds NaN or infinity.
    """
    expected = (1, 1, len(KEYPOINTS), 3)
    if outputs[0].shape != expected:
        raise ValueError(f"outputs: expected shape {expected}, got {outputs[0].shape}")
    if not np.isfinite(outputs[0]).all():
        raise ValueError("outputs: expected finite numbers, got NaN or infinity")
    _, height, width, _ = card.inputs[0].shape
    y, x, scores = outputs[0][0, 0].astype(np.float32).T
    points = np.stack([x * width, y * height], axis=1)
    return Pose(Frame.fit(size, (height, width)).to_picture(points), scores)
