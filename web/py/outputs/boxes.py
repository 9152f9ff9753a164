"""Boxes: objects in a picture, each with a class, a score and a rectangle.

The network is of the family of "Generalized Focal Loss" (X. Li et al., 2020,
https://arxiv.org/abs/2006.04388), such as NanoDet (https://github.com/RangiLyu/nanodet): it divides
the input into cells of grids of several strides, and returns for each cell the scores of all
classes and the distances of a box's four sides from the cell's centre. Each distance is the mean of
a distribution over 0, 1, 2, ... times the stride.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

import framing
from card import Card, CardError
from framing import Frame
from kinds import Arrays, Context, Json, Option

OPTIONS: tuple[Option, ...] = (
    Option("threshold", "number", 0.35, "least score of what is answered, 0..1"),
    Option("overlap", "number", 0.6, "boxes of one class that overlap more are of one object"),
)
"""Defaults are those of NanoDet's demo and tests."""

LOWEST = 0.2
"""Least score of an answer's objects, and of the page's threshold."""

MOST = 100
"""Most boxes of an answer, the best ones; COCO's evaluation uses the same limit."""

_CANDIDATES = 500
"""Most boxes that enter non-maximum suppression, the best ones."""

Corners = NDArray[np.float32]
"""``(N, 4) float32``: x1, y1, x2, y2 in pixels."""


@dataclass(frozen=True)
class Detection:
    """An object in a picture.

    Attributes:
        label: Its class.
        score: 0..1.
        x1: Left side of its box, in pixels of the picture.
        y1: Upper side.
        x2: Right side.
        y2: Lower side.
    """

    label: str
    score: float
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class _Candidates:
    """Boxes ``(N, 4)`` in pixels of the input, their classes ``(N,)``, and scores ``(N,)``."""

    boxes: Corners
    classes: NDArray[np.intp]
    scores: NDArray[np.float32]

    def __getitem__(self, chosen: NDArray[np.intp]) -> "_Candidates":
        return _Candidates(self.boxes[chosen], self.classes[chosen], self.scores[chosen])


@dataclass(frozen=True)
class Boxes:
    """Answer of a detector.

    Attributes:
        found: All objects with a score of `LOWEST` or more, best first; at most `MOST`.
        threshold: Least score of shown objects.
    """

    found: tuple[Detection, ...]
    threshold: float

    @property
    def shown(self) -> tuple[Detection, ...]:
        """The objects with a score of at least the threshold."""
        return tuple(each for each in self.found if each.score >= self.threshold)

    def without(self, labels: set[str]) -> "Boxes":
        """Return the answer without objects of some classes."""
        return replace(self, found=tuple(each for each in self.found if each.label not in labels))


def check(card: Card) -> None:
    """Check that the model gives two arrays for each of its grids; see `kinds.OutputKind`."""
    side = framing.input_size(card)
    for option in OPTIONS:
        value = option.value(card.output_options)
        if not 0 <= value <= 1:
            raise CardError(f"option {option.name}: expected a share in 0..1, got {value!r}")
    arrays = {output.name: np.zeros(output.shape, np.float32) for output in card.outputs}
    try:
        for scores, _ in _pairs(arrays, len(card.labels)):
            _stride(len(scores), side)
    except ValueError as error:
        raise CardError(str(error)) from None


def read(outputs: Arrays, card: Card, context: Context) -> Boxes:
    """Return the objects in a picture.

    Args:
        outputs: For each grid ``(1, cells, classes)`` scores in 0..1, and ``(1, cells, 4 * bins)``
            logits of distributions: left, top, right, bottom.
        card: Card whose input is ``(1, h, w, 3)`` and whose labels name the classes.
        context: Holds the size of the picture.

    Returns:
        Boxes, clipped to the picture.

    Raises:
        ValueError: If the outputs have other shapes, or hold NaN or infinity.
    """
    if context.size is None:
        raise ValueError("boxes: expected the size of a picture, got none")
    threshold, overlap = (option.value(card.output_options) for option in OPTIONS)
    side = framing.size_for(context.size, card)
    least = min(LOWEST, threshold)
    grids = [_grid(*pair, side, least) for pair in _pairs(outputs, len(card.labels))]
    found = _join(grids)
    best = _suppress(found[np.argsort(-found.scores, kind="stable")[:_CANDIDATES]], overlap)
    corners = _in_picture(best.boxes, framing.frame_for(context.size, card))
    detections = tuple(
        Detection(card.labels[kind], float(score), *(float(each) for each in box))
        for kind, score, box in zip(best.classes, best.scores, corners, strict=True)
    )
    return Boxes(detections, threshold)


def to_json(answer: Boxes) -> Json:
    """Return ``[{"bbox": [{"x", "y"}, {"x", "y"}], "class", "score"}]``, pixels of the picture."""
    return [
        {
            "bbox": [{"x": each.x1, "y": each.y1}, {"x": each.x2, "y": each.y2}],
            "class": each.label,
            "score": each.score,
        }
        for each in answer.shown
    ]


def _pairs(
    outputs: Mapping[str, NDArray[Any]], classes: int
) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    """Return scores ``(cells, classes)`` and distributions ``(cells, 4, bins)`` of each grid."""
    arrays = list(outputs.values())
    whole = [each for each in arrays if each.ndim == 3 and each.shape[0] == 1]
    scores = {each.shape[1]: each[0] for each in whole if each.shape[2] == classes}
    others = {each.shape[1]: each[0] for each in whole if each.shape[2] != classes}
    matched = scores.keys() == others.keys() and 2 * len(scores) == len(arrays)
    if not matched or not scores or any(each.shape[1] % 4 for each in others.values()):
        raise ValueError(
            f"outputs: expected (1, cells, {classes}) and (1, cells, 4 * bins) for each grid, "
            f"got {[each.shape for each in arrays]}"
        )
    if not all(np.isfinite(each).all() for each in arrays):
        raise ValueError("outputs: expected finite numbers, got NaN or infinity")
    return [(scores[cells], others[cells].reshape(cells, 4, -1)) for cells in scores]


def _grid(
    scores: NDArray[Any],
    distributions: NDArray[Any],
    side: tuple[int, ...],
    threshold: float,
) -> _Candidates:
    """Return the candidates of one grid."""
    stride = _stride(len(scores), side)
    columns = side[1] // stride
    cells, classes = np.nonzero(scores >= threshold)
    rows, places = np.divmod(cells, columns)
    centres = (np.stack([places, rows], axis=1) + 0.5) * stride
    distances = _means(distributions[cells]) * stride
    boxes = np.concatenate([centres - distances[:, :2], centres + distances[:, 2:]], axis=1)
    return _Candidates(boxes.astype(np.float32), classes, scores[cells, classes])


def _stride(cells: int, side: tuple[int, ...]) -> int:
    """Return the side of a grid's cells in pixels of the input."""
    stride = isqrt(side[0] * side[1] // cells)
    if stride == 0 or (side[1] // stride) * (side[0] // stride) != cells:
        raise ValueError(f"outputs: {cells} cells are no grid over {side[0]} by {side[1]}")
    return stride


def _means(logits: NDArray[Any]) -> NDArray[np.float64]:
    """Return the means ``(N, 4)`` of distributions over 0, 1, 2, ..., given as ``(N, 4, bins)``."""
    powers = np.exp(logits - logits.max(axis=2, keepdims=True), dtype=np.float64)
    means: NDArray[np.float64] = powers @ np.arange(logits.shape[2]) / powers.sum(axis=2)
    return means


def _join(parts: Sequence[_Candidates]) -> _Candidates:
    return _Candidates(
        np.concatenate([each.boxes for each in parts]),
        np.concatenate([each.classes for each in parts]),
        np.concatenate([each.scores for each in parts]),
    )


def _suppress(found: _Candidates, overlap: float) -> _Candidates:
    """Return the best box of each object: non-maximum suppression per class."""
    same = found.classes[:, None] == found.classes
    rivals = same & (overlaps(found.boxes, found.boxes) > overlap)
    alive, kept = np.ones(len(found.scores), bool), list[int]()
    for index in range(len(alive)):
        if alive[index] and len(kept) < MOST:
            kept.append(index)
            alive &= ~rivals[index]
    return found[np.asarray(kept, np.intp)]


def overlaps(some: Corners, others: Corners) -> NDArray[np.float32]:
    """Return the intersection over union of all pairs of boxes.

    Returns:
        ``(N, M) float32`` in 0..1; 0 where both boxes are empty.
    """
    corner = np.maximum(some[:, None, :2], others[None, :, :2])
    opposite = np.minimum(some[:, None, 2:], others[None, :, 2:])
    common = np.clip(opposite - corner, 0, None).prod(axis=2)
    union = _areas(some)[:, None] + _areas(others) - common
    shares: NDArray[np.float32] = common / np.maximum(union, np.finfo(np.float32).tiny)
    return shares


def _areas(boxes: Corners) -> NDArray[np.float32]:
    areas: NDArray[np.float32] = np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(axis=1)
    return areas


def _in_picture(boxes: Corners, frame: Frame) -> Corners:
    points = frame.to_picture(boxes.reshape(-1, 2, 2))
    inside: Corners = np.clip(points, 0, (frame.size[1], frame.size[0])).reshape(-1, 4)
    return inside.astype(np.float32)
