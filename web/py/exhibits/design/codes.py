"""Sample, mix and move codes of garments.

Numbers of shape and detail are normally distributed, so they lie near a sphere. Interpolation stays
on it, as the generator was trained on no others (White: Sampling Generative Networks, 2016,
https://arxiv.org/abs/1609.04468).
"""

import math
from dataclasses import replace
from random import Random

import numpy as np

from exhibits.design.garments import DETAIL, KINDS, SHAPE, Code, Numbers

REACH = 1.0
"""Angle between centre and edge of the pad, in radians; at 1.57 codes are uncorrelated."""

TYPICAL = 0.8
"""Norm of sampled codes relative to training: smaller ones give better garments, larger ones more
variety (the truncation trick of Brock, Donahue, Simonyan:
Large Scale GAN Training for High Fidelity Natural Image Synthesis, 2018,
https://arxiv.org/abs/1809.11096)."""

ARRIVED = 0.01
"""Distance below which codes count as equal: the difference is invisible."""


def drawn(dice: Random, kind: int) -> Code:
    """Sample a code of one kind, with a truncated norm; see `TYPICAL`."""
    shape, detail = _normal(dice, SHAPE), _normal(dice, DETAIL)
    return Code(shape * np.float32(TYPICAL), detail * np.float32(TYPICAL), pure(kind))


def pure(kind: int) -> Numbers:
    """Return one-hot weights of a kind."""
    weights = np.zeros(KINDS, np.float32)
    weights[kind] = 1
    return weights


def mixed(first: Code, second: Code, share: float) -> Code:
    """Interpolate two codes: shape and detail on the sphere, kinds linearly.

    Args:
        first: Result for a share of 0.
        second: Result for a share of 1.
        share: In 0..1.
    """
    return Code(
        _arc(first.shape, second.shape, share),
        _arc(first.detail, second.detail, share),
        first.kinds + (second.kinds - first.kinds) * np.float32(share),
    )


def walked(code: Code, seed: int, x: float, y: float, fixed: frozenset[str]) -> Code:
    """Return the code at a point of a plane through a code, with two random directions.

    Args:
        code: Code at the plane's origin.
        seed: Seed of the directions.
        x: Position along the first direction, -1..1.
        y: Position along the second direction, -1..1.
        fixed: Those of ``shape`` and ``detail`` that do not change.
    """
    dice = Random(seed)
    ways = {part: _directions(dice, getattr(code, part)) for part in ("shape", "detail")}
    moved = {
        part: _turned(getattr(code, part), right * x + down * y)
        for part, (right, down) in ways.items()
        if part not in fixed
    }
    return replace(code, **moved)


def approached(shown: Code, wanted: Code, share: float) -> Code:
    """Move a share of the way toward the wanted code; snap to it within `ARRIVED`."""
    nearer = mixed(shown, wanted, share)
    return wanted if distance(nearer, wanted) < ARRIVED else nearer


def distance(one: Code, two: Code) -> float:
    """Return the largest absolute difference between two codes."""
    pairs = ((one.shape, two.shape), (one.detail, two.detail), (one.kinds, two.kinds))
    return max(float(np.abs(a - b).max()) for a, b in pairs)


def _length(numbers: Numbers) -> float:
    return math.sqrt(float(numbers @ numbers))


def _normal(dice: Random, count: int) -> Numbers:
    return np.array([dice.gauss(0, 1) for _ in range(count)], np.float32)


def _arc(first: Numbers, second: Numbers, share: float) -> Numbers:
    """Interpolate on the great circle, with linearly interpolated length.

    Falls back to linear interpolation for parallel, opposite or zero vectors.
    """
    lengths = _length(first), _length(second)
    if min(lengths) == 0:
        return first + (second - first) * np.float32(share)
    cosine = float(first @ second) / (lengths[0] * lengths[1])
    angle = math.acos(min(1.0, max(-1.0, cosine)))
    if math.sin(angle) < 1e-3:
        return first + (second - first) * np.float32(share)
    length = lengths[0] + (lengths[1] - lengths[0]) * share
    one = math.sin((1 - share) * angle) / math.sin(angle) * length / lengths[0]
    two = math.sin(share * angle) / math.sin(angle) * length / lengths[1]
    return (first * one + second * two).astype(np.float32)


def _directions(dice: Random, middle: Numbers) -> tuple[Numbers, Numbers]:
    """Return two random vectors, orthogonal to each other and to ``middle``, of its length."""
    right = _upright(_normal(dice, len(middle)), middle)
    down = _upright(_upright(_normal(dice, len(middle)), middle), right)
    length = _length(middle)
    return right * np.float32(length / _length(right)), down * np.float32(length / _length(down))


def _upright(vector: Numbers, other: Numbers) -> Numbers:
    """Return the component of a vector orthogonal to another."""
    size = float(other @ other)
    return vector - other * (float(vector @ other) / size) if size else vector


def _turned(middle: Numbers, way: Numbers) -> Numbers:
    """Rotate ``middle`` toward ``way``; by the angle `REACH` if they are equally long."""
    length, far = _length(middle), _length(way)
    if min(length, far) == 0:
        return middle
    angle = REACH * far / length
    turned: Numbers = middle * math.cos(angle) + way * (math.sin(angle) * length / far)
    return turned.astype(np.float32)
