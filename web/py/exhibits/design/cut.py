"""What a small drawing tells of a garment: where it is, how it is folded, how light falls on it.

All of it has the drawing's own few pixels, and is smooth, so that a picture of any size can be
interpolated from it.
"""

from dataclasses import dataclass
from functools import cache, reduce

import numpy as np

from exhibits.design.garments import SIDE, Numbers

MARGIN = 4
"""Empty pixels around a drawing: garments of Fashion-MNIST touch its edges."""

EDGE = 0.5
"""Value of `Cut.cover` at the garment's edge."""

_USUAL = 0.75
"""Brightness to which garments are normalised, so that pale and dark ones are cut alike."""

_FAINT, _FULL = 0.03, 0.3
"""Brightness from which on something begins to be garment, and from which on all of it is."""

_CRUMB = (0.1, 0.2)
"""What is left of a crumb where it was, after it is blurred four times over, and of a strap. Of one
pixel 0.07 is left, of a line of them 0.27."""

_HOLE = (0.05, 0.12)
"""The same of a hole, and of the gap between an arm and a body, which is seldom quite empty."""

_FOLD = 0.2
"""Difference from the local brightness that counts as one fold."""


@dataclass(frozen=True, eq=False)
class Cut:
    """Maps of a garment, each ``(36, 36) float32``: the drawing's pixels and `MARGIN` around.

    Attributes:
        cover: How much of a pixel is garment, 0..1.
        folds: How much brighter it is than what is around, about -2..2.
        across: How the garment, as if it were a cushion, rises to the right: about -0.1..0.1.
        down: How it rises downward, likewise.
        shadow: How much of its shadow falls there, 0..1.
    """

    cover: Numbers
    folds: Numbers
    across: Numbers
    down: Numbers
    shadow: Numbers

    @property
    def maps(self) -> tuple[Numbers, ...]:
        """All of them, in order."""
        return self.cover, self.folds, self.across, self.down, self.shadow


def cut(drawing: Numbers) -> Cut:
    """Cut out a garment.

    Args:
        drawing: ``(28, 28) float32`` in 0..1: 1 is garment, 0 is background.

    Raises:
        ValueError: If the drawing has another shape.
    """
    if drawing.shape != (SIDE, SIDE):
        raise ValueError(f"drawing: expected shape ({SIDE}, {SIDE}), got {drawing.shape}")
    bright = _exposed(np.pad(drawing, MARGIN))
    cover = _tidied(np.clip((bright - _FAINT) / (_FULL - _FAINT), 0, 1))
    down, across = _slopes(_blur(cover, 6))
    shadow = _blur(np.pad(cover, ((2, 0), (0, 0)))[:-2], 4)
    return Cut(cover, _folds(bright, cover), across, down, shadow)


def _tidied(cover: Numbers) -> Numbers:
    """Remove specks and fill holes of their size; straps and gaps, which are long, stay."""
    cover = cover * _accompanied(cover, *_CRUMB)
    gap = 1 - cover
    return 1 - gap * _accompanied(gap, *_HOLE)


def _accompanied(there: Numbers, alone: float, line: float) -> Numbers:
    """Return 0 for what has next to nothing like it around, 1 for what has a line at least."""
    share = (_blur(there, 4) - np.float32(alone)) / np.float32(line - alone)
    company: Numbers = np.clip(share, 0, 1)
    return company


def _slopes(height: Numbers) -> tuple[Numbers, Numbers]:
    """Return the gradient of a height map, downward and to the right."""
    wide = np.pad(height, 1, mode="edge")
    half = np.float32(0.5)
    return (wide[2:, 1:-1] - wide[:-2, 1:-1]) * half, (wide[1:-1, 2:] - wide[1:-1, :-2]) * half


def _exposed(bright: Numbers) -> Numbers:
    """Return a drawing whose brighter parts are `_USUAL`; an empty one stays empty."""
    there = np.sort(bright[bright > _FAINT])
    return bright * np.float32(_USUAL / there[there.size * 4 // 5]) if there.size else bright


def _folds(bright: Numbers, cover: Numbers) -> Numbers:
    """Compare each pixel with those around; at the edge, which is dim, take those within."""
    within = _least_around(cover)
    # Straps are so thin that they have nothing within: there the little that is there counts.
    weight = np.square(within) + np.float32(0.02) * np.square(cover) + np.float32(1e-5)
    near = _blur(bright * weight, 2) / _blur(weight, 2)
    around = _blur(bright * weight, 12) / _blur(weight, 12)
    folds = within * bright + (np.float32(1) - within) * near - around
    return (folds / np.float32(_FOLD)).astype(np.float32)


def _least_around(image: Numbers) -> Numbers:
    """Return the 3x3 minimum."""
    wide = np.pad(image, 1, mode="edge")
    rows = np.minimum(np.minimum(wide[:-2], wide[1:-1]), wide[2:])
    least: Numbers = np.minimum(np.minimum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
    return least


def _blur(image: Numbers, times: int) -> Numbers:
    """Average with neighbours, weighed 1 2 1 either way, some times over; outside there is 0."""
    band = _bands(len(image), times)
    blurred: Numbers = (band @ image @ band).astype(np.float32)
    return blurred


@cache
def _bands(side: int, times: int) -> Numbers:
    """Return ``(side, side)``: what to multiply rows with, to blur them some times over."""
    once = np.eye(side) / 2 + (np.eye(side, k=1) + np.eye(side, k=-1)) / 4
    powers: Numbers = reduce(np.matmul, [once] * times).astype(np.float32)
    return powers
