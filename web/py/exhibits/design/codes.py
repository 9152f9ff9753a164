"""Ways among codes: drawn by chance, mixed, walked on a plane, and approached smoothly.

Numbers of shape and detail are normally distributed, so they lie near a sphere; there they stay
on every way, since the generator has learnt no others (White: Sampling Generative Networks, 2016,
https://arxiv.org/abs/1609.04468).
"""

import math
from dataclasses import replace
from random import Random

import numpy as np

from exhibits.design.garments import DETAIL, KINDS, SHAPE, Code, Numbers

REACH = 1.0
"""How far the pad's edge is from its middle, as an angle; at 1.57 nothing is alike any more."""

TYPICAL = 0.8
"""How far from the middle of all codes a design is drawn, to what training drew: nearer ones are
better garments, further ones are more varied (the truncation trick of Brock, Donahue, Simonyan:
Large Scale GAN Training for High Fidelity Natural Image Synthesis, 2018,
https://arxiv.org/abs/1809.11096)."""

ARRIVED = 0.01
"""Distance below which two codes look alike."""


def drawn(dice: Random, kind: int) -> Code:
    """Draw a code by chance, of one kind; less far out than all that the generator knows."""
    shape, detail = _normal(dice, SHAPE), _normal(dice, DETAIL)
    return Code(shape * np.float32(TYPICAL), detail * np.float32(TYPICAL), pure(kind))


def pure(kind: int) -> Numbers:
    """Return the weights of one kind alone."""
    weights = np.zeros(KINDS, np.float32)
    weights[kind] = 1
    return weights


def mixed(first: Code, second: Code, share: float) -> Code:
    """Mix two codes: on the sphere between shapes and details, straight between kinds.

    Args:
        first: What comes of a share of 0.
        second: What comes of a share of 1.
        share: In 0..1.
    """
    return Code(
        _arc(first.shape, second.shape, share),
        _arc(first.detail, second.detail, share),
        first.kinds + (second.kinds - first.kinds) * np.float32(share),
    )


def walked(code: Code, seed: int, x: float, y: float, fixed: frozenset[str]) -> Code:
    """Return what lies beside a code, on a plane of two directions that a seed tells.

    Args:
        code: In the middle.
        seed: Of the directions.
        x: How far to the right, -1..1.
        y: How far down, -1..1.
        fixed: Which of ``shape`` and ``detail`` stay.
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
    """Return a code moved some share of the way to the target, or the target once it is near."""
    nearer = mixed(shown, wanted, share)
    return wanted if distance(nearer, wanted) < ARRIVED else nearer


def distance(one: Code, two: Code) -> float:
    """Return the largest difference between any two numbers of two codes."""
    pairs = ((one.shape, two.shape), (one.detail, two.detail), (one.kinds, two.kinds))
    return max(float(np.abs(a - b).max()) for a, b in pairs)


def _length(numbers: Numbers) -> float:
    return math.sqrt(float(numbers @ numbers))


def _normal(dice: Random, count: int) -> Numbers:
    return np.array([dice.gauss(0, 1) for _ in range(count)], np.float32)


def _arc(first: Numbers, second: Numbers, share: float) -> Numbers:
    """Go along the great circle; the length goes evenly from the one to the other.

    Where directions are opposite, or there is none, there is no such circle, but a straight line.
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
    """Return two directions at right angles to each other and to the middle, as long as that."""
    right = _upright(_normal(dice, len(middle)), middle)
    down = _upright(_upright(_normal(dice, len(middle)), middle), right)
    length = _length(middle)
    return right * np.float32(length / _length(right)), down * np.float32(length / _length(down))


def _upright(vector: Numbers, other: Numbers) -> Numbers:
    """Return the part of a vector orthogonal to another."""
    size = float(other @ other)
    return vector - other * (float(vector @ other) / size) if size else vector


def _turned(middle: Numbers, way: Numbers) -> Numbers:
    """Go from the middle some way, along the sphere; a way as long as the middle is `REACH`."""
    length, far = _length(middle), _length(way)
    if min(length, far) == 0:
        return middle
    angle = REACH * far / length
    turned: Numbers = middle * math.cos(angle) + way * (math.sin(angle) * length / far)
    return turned.astype(np.float32)
