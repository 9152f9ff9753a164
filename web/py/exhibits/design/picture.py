"""Paint pictures of garments at any size, row by row."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from exhibits.design.cut import EDGE, MARGIN, Cut
from exhibits.design.fabrics import FABRICS
from exhibits.design.garments import SIDE, Numbers
from exhibits.design.look import Look

SPAN = 34.0
"""Side of a picture in pixels of the drawing, margin included."""

_PUFF = 9.0
"""Displacement of a pattern by the slopes, which bends it toward the garment's edge."""

_LIGHT = (1.3, 2.0)
"""Strength of the light from the left and from above on slopes."""

_STEPS = ((-1.6, 0.16), (-0.9, 0.13), (-0.35, 0.13), (0.3, 0.09), (0.8, 0.08))
"""Steps of lightness: value of `Cut.folds` at which each begins, and its increase."""

_DARKEST = 1 - sum(lighter for start, lighter in _STEPS if start < 0)
_FINE = 128
"""Entries of the lightness table per unit of `Cut.folds`; the table covers -3..3."""

_LINE = 0.12
"""Width of the outline, as a difference of cover."""

_LINE_SHADE = 0.28
"""Brightness of the outline, as a share of the garment's colour."""

_SLOPE = 0.7
"""Change of cover per pixel of the drawing at an edge."""

_SHADOW = 0.22
"""Darkening of the ground by a full shadow."""


class GarmentPicture:
    """A picture of a garment, painted some rows at a time."""

    def __init__(self, cut: Cut, look: Look, side: int) -> None:
        """Prepare a picture.

        Args:
            cut: Maps of the garment.
            look: Look of the garment.
            side: Side of the picture, in pixels.

        Raises:
            KeyError: If the fabric is unknown.
        """
        self._look, self._side, self._pixel = look, side, SPAN / side
        self._weave = FABRICS[look.fabric].weave
        indices, weights = _splines(side)
        self._maps = [
            np.ascontiguousarray(_stretched(each.T, indices, weights).T) for each in cut.maps
        ]

    def rows(self, first: int, end: int) -> NDArray[np.uint8]:
        """Paint the rows from ``first`` up to, but not including, ``end``.

        Returns:
            ``(end - first, side, 4) uint8 RGBA``, opaque.
        """
        indices, weights = _splines(self._side)
        indices, weights = indices[:, first:end], weights[:, first:end]
        cover, folds, across, down, shadow = (
            _stretched(each, indices, weights) for each in self._maps
        )
        places = _places(self._side) * SPAN
        u = places[np.newaxis] - across * _PUFF
        v = places[first:end, np.newaxis] - down * _PUFF
        second, light = self._weave(u, v, self._pixel)
        there, within = self._inside(cover, EDGE), self._inside(cover, EDGE + _LINE)
        within *= there
        light = _printed(folds, self._pixel) * (1 - across * _LIGHT[0] - down * _LIGHT[1]) * light
        cloth = light * within
        garment = cloth + (there - within) * _LINE_SHADE
        ground = (1 - there) * (1 - shadow * _SHADOW)
        return _mixed((garment, cloth * second, ground), self._look)

    def _inside(self, cover: Numbers, edge: float) -> Numbers:
        """Return 1 where cover is above a threshold, else 0, antialiased over one pixel."""
        soft = np.float32(_SLOPE * self._pixel)
        inside: Numbers = np.clip((cover - np.float32(edge)) / soft + np.float32(0.5), 0, 1)
        return inside


def paint(cut: Cut, look: Look, side: int) -> NDArray[np.uint8]:
    """Paint a whole picture, ``(side, side, 4) uint8 RGBA``; see `GarmentPicture`."""
    return GarmentPicture(cut, look, side).rows(0, side)


def _places(side: int) -> Numbers:
    """Return the centres of a row's pixels, as shares of the side."""
    return (np.arange(side, dtype=np.float32) + np.float32(0.5)) / np.float32(side)


def _stretched(image: Numbers, indices: NDArray[np.intp], weights: Numbers) -> Numbers:
    """Resample ``(H, W)`` to ``(new, W)``: each row is a weighted sum of four."""
    made: Numbers = image[indices[0]] * weights[0]
    for index, weight in zip(indices[1:], weights[1:], strict=True):
        made += image[index] * weight
    return made


@cache
def _splines(side: int) -> tuple[NDArray[np.intp], Numbers]:
    """Return indices ``(4, side)`` and weights ``(4, side, 1)`` of the rows that make each row.

    Weights are cubic B-splines, which are smooth and do not overshoot.
    """
    places = (_places(side) - 0.5) * SPAN + SIDE / 2 + MARGIN - 0.5
    first = np.floor(places).astype(np.intp) - 1
    indices = first + np.arange(4)[:, np.newaxis]
    distance = np.abs(places - indices)
    near = 2 / 3 - distance**2 + distance**3 / 2
    weights = np.where(distance < 1, near, (2 - distance) ** 3 / 6)
    inside = np.clip(indices, 0, SIDE + 2 * MARGIN - 1)
    return inside, weights.astype(np.float32)[..., np.newaxis]


def _printed(folds: Numbers, pixel: float) -> Numbers:
    """Return the lightness of folds, quantized to steps antialiased over one pixel."""
    index = np.clip((folds + 3) * _FINE, 0, 6 * _FINE - 1).astype(np.intp)
    return _table(pixel)[index]


@cache
def _table(pixel: float) -> Numbers:
    folds = np.arange(6 * _FINE) / _FINE - 3
    steps = (lighter * np.clip((folds - start) / pixel + 0.5, 0, 1) for start, lighter in _STEPS)
    return np.asarray(_DARKEST + sum(steps), np.float32)


def _mixed(planes: tuple[Numbers, Numbers, Numbers], look: Look) -> NDArray[np.uint8]:
    """Mix a picture's colours.

    Args:
        planes: ``(H, W)`` each: weight of the garment's colour, of the difference from it to the
            second colour, and of the ground's colour.
        look: Look with the colours.
    """
    garment, pattern, ground = planes
    rgba = np.full((*garment.shape, 4), 255, np.uint8)
    for channel, parts in enumerate(zip(*look.colours, strict=True)):
        body, second, below = (np.float32(255 * part) for part in parts)
        value = garment * body
        value += pattern * (second - body)
        value += ground * below
        np.clip(value, 0, 255, out=value)
        rgba[..., channel] = value
    return rgba
