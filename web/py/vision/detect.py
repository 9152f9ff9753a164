"""What is where in a picture: from a photograph to the network's input, from its output to boxes.

The network is of the family of "Generalized Focal Loss" (X. Li et al., 2020,
https://arxiv.org/abs/2006.04388), as NanoDet is (https://github.com/RangiLyu/nanodet): it divides
its input into cells, on a fine, a medium and a coarse grid, and says for each cell how probable
each class is, and how far the four sides of the thing's box are from the cell's centre. A distance
is given as a distribution over 0, 1, 2, ... times the cell's side; its mean is what counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision import framing
from vision.card import Card
from vision.framing import Frame

THRESHOLD = 0.35
"""Least score of what is told, where nothing else is asked for: that of NanoDet's own demo."""

OVERLAP = 0.6
"""Two boxes of a class that overlap more are of one thing: that of NanoDet's own tests."""

MOST = 100
"""How many things are told at most, the best: as many as COCO's rules count."""

_CANDIDATES = 500
"""How many boxes are compared with one another at most, the best; each with each."""

Boxes = NDArray[np.float32]
"""``(N, 4) float32``: x1, y1, x2, y2 in pixels."""


@dataclass(frozen=True)
class Detection:
    """A thing in a picture.

    Attributes:
        label: Its class.
        score: How sure the network is, 0..1.
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

    boxes: Boxes
    classes: NDArray[np.intp]
    scores: NDArray[np.float32]

    def __getitem__(self, chosen: NDArray[np.intp]) -> "_Candidates":
        return _Candidates(self.boxes[chosen], self.classes[chosen], self.scores[chosen])


def prepare(rgb: NDArray[np.uint8], card: Card) -> NDArray[np.float32] | NDArray[np.int32]:
    """Turn a photograph into the network's input; see `vision.framing.prepare`."""
    return framing.prepare(rgb, card)


def read(
    outputs: Sequence[NDArray[Any]],
    card: Card,
    size: tuple[int, int],
    threshold: float = THRESHOLD,
) -> tuple[Detection, ...]:
    """Turn the network's outputs into what is where, best first.

    Args:
        outputs: Of the network, in any order: for each grid ``(1, cells, classes)`` scores in
            0..1, and ``(1, cells, 4 * bins)`` logits of distributions: left, top, right, bottom.
        card: Of the network; its input is ``(1, h, w, 3)``, its labels name the classes.
        size: Height and width of the picture, as they were given to `prepare`.
        threshold: Least score, 0..1.

    Returns:
        At most `MOST`, with their boxes inside the picture.

    Raises:
        ValueError: If the outputs have other shapes, or hold NaN or infinity.
    """
    side = framing.size_for(size, card)
    found = _join(
        [_grid(*pair, side, threshold) for pair in _pairs(outputs, len(card.labels), side)]
    )
    best = _suppress(found[np.argsort(-found.scores, kind="stable")[:_CANDIDATES]])
    boxes = _in_picture(best.boxes, Frame.fit(size, side))
    return tuple(
        Detection(card.labels[kind], float(score), *(float(each) for each in box))
        for kind, score, box in zip(best.classes, best.scores, boxes, strict=True)
    )


def _pairs(
    outputs: Sequence[NDArray[Any]], classes: int, side: tuple[int, ...]
) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    """Return scores ``(cells, classes)`` and distributions ``(cells, 4, bins)`` of each grid."""
    scores = {each.shape[1]: each[0] for each in outputs if each.shape[2:] == (classes,)}
    others = {each.shape[1]: each[0] for each in outputs if each.shape[2:] != (classes,)}
    matched = scores.keys() == others.keys() and 2 * len(scores) == len(outputs)
    if not matched or any(each.ndim != 2 or each.shape[1] % 4 for each in others.values()):
        raise ValueError(
            f"outputs: expected (1, cells, {classes}) and (1, cells, 4 * bins) for each grid, "
            f"got {[each.shape for each in outputs]}"
        )
    if not all(np.isfinite(each).all() for each in outputs):
        raise ValueError("outputs: expected finite numbers, got NaN or infinity")
    return [(scores[cells], others[cells].reshape(cells, 4, -1)) for cells in scores]


def _grid(
    scores: NDArray[Any],
    distributions: NDArray[Any],
    side: tuple[int, ...],
    threshold: float,
) -> _Candidates:
    """Return what a grid has found."""
    stride = isqrt(side[0] * side[1] // len(scores))
    columns = side[1] // stride
    if stride == 0 or columns * (side[0] // stride) != len(scores):
        raise ValueError(f"outputs: {len(scores)} cells are no grid over {side[0]} by {side[1]}")
    cells, classes = np.nonzero(scores >= threshold)
    rows, places = np.divmod(cells, columns)
    centres = (np.stack([places, rows], axis=1) + 0.5) * stride
    distances = _means(distributions[cells]) * stride
    boxes = np.concatenate([centres - distances[:, :2], centres + distances[:, 2:]], axis=1)
    return _Candidates(boxes.astype(np.float32), classes, scores[cells, classes])


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


def _suppress(found: _Candidates) -> _Candidates:
    """Keep the best box of each thing; they come best first."""
    same = found.classes[:, None] == found.classes
    rivals = same & (overlaps(found.boxes, found.boxes) > OVERLAP)
    alive, kept = np.ones(len(found.scores), bool), list[int]()
    for index in range(len(alive)):
        if alive[index] and len(kept) < MOST:
            kept.append(index)
            alive &= ~rivals[index]
    return found[np.asarray(kept, np.intp)]


def overlaps(some: Boxes, others: Boxes) -> NDArray[np.float32]:
    """Return how much each of some boxes and each of others overlap: intersection over union.

    Returns:
        ``(N, M) float32`` in 0..1; 0 where both boxes are empty.
    """
    corner = np.maximum(some[:, None, :2], others[None, :, :2])
    opposite = np.minimum(some[:, None, 2:], others[None, :, 2:])
    common = np.clip(opposite - corner, 0, None).prod(axis=2)
    union = _areas(some)[:, None] + _areas(others) - common
    shares: NDArray[np.float32] = common / np.maximum(union, np.finfo(np.float32).tiny)
    return shares


def _areas(boxes: Boxes) -> NDArray[np.float32]:
    areas: NDArray[np.float32] = np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(axis=1)
    return areas


def _in_picture(boxes: Boxes, frame: Frame) -> Boxes:
    points = frame.to_picture(boxes.reshape(-1, 2, 2))
    inside: Boxes = np.clip(points, 0, (frame.size[1], frame.size[0])).reshape(-1, 4)
    return inside.astype(np.float32)
