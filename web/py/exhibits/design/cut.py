"""Maps of a garment computed from a small drawing: cover, folds, slopes and shadow.

Maps have the drawing's resolution and are smooth, so pictures of any size can be interpolated.
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
"""Brightness to which garments are normalized before they are cut."""

_FAINT, _FULL = 0.03, 0.3
"""Brightness at which cover begins to rise from 0, and at which it reaches 1."""

_CRUMB = (0.1, 0.2)
"""Value after four blurs below which a pixel is a speck, and above which it is part of a strap. A
single pixel has 0.07, a line 0.27."""

_HOLE = (0.05, 0.12)
"""The same for holes, and for gaps between arm and body, which are seldom fully empty."""

_FOLD = 0.2
"""Difference in brightness from the surroundings that is one unit of `Cut.folds`."""


@dataclass(frozen=True, eq=False)
class Cut:
    """Maps of a garment, each ``(36, 36) float32``: the drawing's pixels and `MARGIN` around.

    Attributes:
        cover: Share of a pixel that is garment, 0..1.
        folds: Brightness relative to the surroundings, about -2..2.
        across: Slope to the right of the garment as a cushion, about -0.1..0.1.
        down: Downward slope, likewise.
        shadow: Strength of the garment's shadow, 0..1.
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
    """Compute the maps of a garment.

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
    """Remove specks and fill holes; keep straps and gaps, which are as narrow but long."""
    cover = cover * _accompanied(cover, *_CRUMB)
    gap = 1 - cover
    return 1 - gap * _accompanied(gap, *_HOLE)


def _accompanied(there: Numbers, alone: float, line: float) -> Numbers:
    """Return 0 for isolated pixels, 1 for pixels on a line or in an area."""
    share = (_blur(there, 4) - np.float32(alone)) / np.float32(line - alone)
    company: Numbers = np.clip(share, 0, 1)
    return company


def _slopes(height: Numbers) -> tuple[Numbers, Numbers]:
    """Return the downward and the rightward slope of a height map."""
    wide = np.pad(height, 1, mode="edge")
    half = np.float32(0.5)
    return (wide[2:, 1:-1] - wide[:-2, 1:-1]) * half, (wide[1:-1, 2:] - wide[1:-1, :-2]) * half


def _exposed(bright: Numbers) -> Numbers:
    """Scale a drawing so that its 80th percentile is `_USUAL`; an empty one stays empty."""
    there = np.sort(bright[bright > _FAINT])
    return bright * np.float32(_USUAL / there[there.size * 4 // 5]) if there.size else bright


def _folds(bright: Numbers, cover: Numbers) -> Numbers:
    """Return local contrast; at the dim edge, of the pixels further inside."""
    within = _least_around(cover)
    # Thin straps have no inside, so their cover gets a small weight too.
    weight = np.square(within) + np.float32(0.02) * np.square(cover) + np.float32(1e-5)
    near = _blur(bright * weight, 2) / _blur(weight, 2)
    around = _blur(bright * weight, 12) / _blur(weight, 12)
    folds = within * bright + (np.float32(1) - within) * near - around
    return (folds / np.float32(_FOLD)).astype(np.float32)


def _least_around(image: Numbers) -> Numbers:
    """Return the minimum over each 3 x 3 neighbourhood."""
    wide = np.pad(image, 1, mode="edge")
    rows = np.minimum(np.minimum(wide[:-2], wide[1:-1]), wide[2:])
    least: Numbers = np.minimum(np.minimum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
    return least


def _blur(image: Numbers, times: int) -> Numbers:
    """Blur ``times`` times with the kernel 1 2 1 on both axes; pixels outside are 0."""
    band = _bands(len(image), times)
    blurred: Numbers = (band @ image @ band).astype(np.float32)
    return blurred


@cache
def _bands(side: int, times: int) -> Numbers:
    """Return the ``(side, side)`` matrix that blurs rows ``times`` times."""
    once = np.eye(side) / 2 + (np.eye(side, k=1) + np.eye(side, k=-1)) / 4
    powers: Numbers = reduce(np.matmul, [once] * times).astype(np.float32)
    return powers
