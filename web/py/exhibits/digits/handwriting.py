"""Digits as people write them: strokes, each a list of places ``(x, y)``, as shares of the side."""

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import TypeAlias

Place: TypeAlias = tuple[float, float]

DIGITS: dict[int, list[list[Place]]] = {
    0: [[(0.5, 0.18), (0.36, 0.24), (0.29, 0.42), (0.29, 0.6), (0.37, 0.78), (0.5, 0.83),
         (0.63, 0.77), (0.71, 0.6), (0.7, 0.4), (0.63, 0.24), (0.5, 0.18)]],
    1: [[(0.52, 0.18), (0.5, 0.5), (0.48, 0.83)]],
    2: [[(0.31, 0.33), (0.38, 0.2), (0.55, 0.17), (0.67, 0.27), (0.65, 0.42), (0.5, 0.6),
         (0.32, 0.79), (0.5, 0.78), (0.72, 0.78)]],
    3: [[(0.32, 0.22), (0.5, 0.17), (0.65, 0.25), (0.64, 0.4), (0.47, 0.48), (0.66, 0.56),
         (0.69, 0.7), (0.55, 0.82), (0.33, 0.78)]],
    4: [[(0.4, 0.18), (0.33, 0.36), (0.28, 0.54), (0.5, 0.54), (0.72, 0.53)],
        [(0.62, 0.3), (0.6, 0.55), (0.58, 0.84)]],
    5: [[(0.68, 0.18), (0.4, 0.19), (0.36, 0.44), (0.55, 0.42), (0.69, 0.54), (0.67, 0.72),
         (0.52, 0.83), (0.32, 0.78)]],
    6: [[(0.62, 0.17), (0.44, 0.32), (0.34, 0.54), (0.36, 0.74), (0.5, 0.83), (0.64, 0.75),
         (0.64, 0.6), (0.5, 0.53), (0.36, 0.62)]],
    7: [[(0.29, 0.22), (0.5, 0.2), (0.71, 0.2), (0.6, 0.42), (0.5, 0.63), (0.44, 0.84)]],
    8: [[(0.64, 0.27), (0.5, 0.18), (0.37, 0.27), (0.42, 0.42), (0.58, 0.54), (0.66, 0.7),
         (0.5, 0.83), (0.35, 0.71), (0.43, 0.55), (0.59, 0.42), (0.64, 0.27)]],
    9: [[(0.66, 0.33), (0.52, 0.19), (0.36, 0.27), (0.36, 0.43), (0.52, 0.49), (0.66, 0.36),
         (0.65, 0.56), (0.6, 0.84)]],
}  # fmt: skip
"""One way to write each digit: the corners of its strokes."""


def traced(stroke: Sequence[Place], step: float) -> Iterator[Place]:
    """Yield the places of a pen that follows a stroke's corners, at most a step apart."""
    yield stroke[0]
    for (x, y), (to_x, to_y) in itertools.pairwise(stroke):
        steps = max(1, math.ceil(math.dist((x, y), (to_x, to_y)) / step))
        for i in range(1, steps + 1):
            yield x + (to_x - x) * i / steps, y + (to_y - y) * i / steps
