"""Points: named places in a picture, such as the joints of a person, each with a score.

The network is MoveNet SinglePose (Google, 2021, https://tfhub.dev/google/movenet/singlepose/lightning/4),
or one with the same output: for each point its y and x as shares of the input's sides, and a score.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import framing
from arrays import finite, only_output
from card import Card, CardError
from kinds import Arrays, Context, Json, Option

OPTIONS: tuple[Option, ...] = (
    Option("skeleton", "pairs", [], "points that a line joins, as pairs of their numbers from 0"),
)


@dataclass(frozen=True, eq=False)
class Points:
    """Answer of a network that finds points.

    Attributes:
        points: ``(N, 2) float32``: x and y in pixels of the picture, possibly outside it.
        scores: ``(N,) float32`` in 0..1.
        names: One for each point; empty if they have none.
    """

    points: NDArray[np.float32]
    scores: NDArray[np.float32]
    names: tuple[str, ...] = ()


def check(card: Card) -> None:
    """Check that the model gives ``(1, 1, points, 3)``; see `kinds.OutputKind`."""
    framing.input_size(card)
    tensor = only_output(card, "points")
    if tensor.shape != _shape(card):
        raise CardError(f"output {tensor.name}: expected {_shape(card)}, got {tensor.shape}")
    count, skeleton = tensor.shape[2], OPTIONS[0].value(card.output_options)
    wrong = [each for pair in skeleton for each in pair if not 0 <= each < count]
    if wrong:
        raise CardError(f"option skeleton: expected points from 0 to {count - 1}, got {wrong[0]}")


def read(outputs: Arrays, card: Card, context: Context) -> Points:
    """Return the points in the picture.

    Args:
        outputs: One array, ``(1, 1, N, 3) float32``: y, x, score, in 0..1.
        card: Card whose input is ``(1, h, w, 3)`` and whose labels name the points.
        context: Holds the size of the picture.

    Raises:
        ValueError: If the output has another shape, or holds NaN or infinity.
    """
    if context.size is None:
        raise ValueError("points: expected the size of a picture, got none")
    name = card.outputs[0].name
    values = finite(outputs, name)
    if values.shape != _shape(card):
        raise ValueError(f"output {name}: expected shape {_shape(card)}, got {values.shape}")
    height, width = framing.input_size(card)
    y, x, scores = values[0, 0].astype(np.float32).T
    points = np.stack([x * width, y * height], axis=1)
    frame = framing.frame_for(context.size, card)
    return Points(frame.to_picture(points), scores, card.labels)


def to_json(answer: Points) -> Json:
    """Return ``{"points": [{"name", "x", "y", "score"}]}``, in pixels of the picture."""
    names = answer.names or tuple(map(str, range(len(answer.scores))))
    return {
        "points": [
            {"name": name, "x": float(x), "y": float(y), "score": float(score)}
            for name, (x, y), score in zip(names, answer.points, answer.scores, strict=True)
        ]
    }


def _shape(card: Card) -> tuple[int, ...]:
    shape = card.outputs[0].shape
    return (1, 1, len(card.labels) or (shape[2] if len(shape) == 4 else 1), 3)
