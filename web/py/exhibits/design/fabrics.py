"""Procedural fabrics, sharp at any size.

A fabric maps positions on the cloth and the size of a pixel, both in pixels of the drawing, to the
share of the second colour and the lightness of the cloth. Edges are antialiased over one pixel.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Field: TypeAlias = NDArray[Any]
"""One value per pixel, float32."""

Cloth: TypeAlias = tuple[Field | float, Field | float]
"""Share of the second colour, 0..1, and lightness, around 1."""


@dataclass(frozen=True)
class Fabric:
    """A fabric.

    Attributes:
        title: Title shown to the visitor.
        weave: Function of ``u``, ``v`` (any shape) and the size of a pixel that returns the cloth.
    """

    title: str
    weave: Callable[[Field, Field, float], Cloth]


def plain(u: Field, v: Field, pixel: float) -> Cloth:
    """Return cloth of one colour."""
    return 0.0, 1.0


def denim(u: Field, v: Field, pixel: float) -> Cloth:
    """Return a twill: diagonal ribs, partly in the second colour."""
    rib = _wave((u + v) * 1.6)
    slub = _wave(u * 0.61 + _wave(v * 0.83) * 0.3)
    return 0.1 + 0.16 * rib, 0.9 + 0.12 * slub


def knit(u: Field, v: Field, pixel: float) -> Cloth:
    """Return V-shaped stitches, with some rows in the second colour."""
    side = np.abs(_within(u * np.float32(0.85)))
    row = v - side * np.float32(1.3)
    stitch = _wave(row) * (1 - 2 * np.square(side * 2 - np.float32(0.5)))
    return _bar(np.floor(row) / 9, 0.24, 0.01), 0.78 + 0.3 * stitch


def stripes(u: Field, v: Field, pixel: float) -> Cloth:
    """Return horizontal stripes."""
    return _bar(v / 2.4, 0.5, pixel / 2.4), 1.0


def dots(u: Field, v: Field, pixel: float) -> Cloth:
    """Return dots in rows, each row offset by half a step."""
    step = 2.6
    row = np.floor(v / step)
    x, y = _within(u / step + row / 2), v / step - row - np.float32(0.5)
    return _inside(0.27 - np.hypot(x, y), pixel / step), 1.0


def check(u: Field, v: Field, pixel: float) -> Cloth:
    """Return gingham: horizontal and vertical stripes, blended where they cross."""
    bars = _bar(u / 2.4, 0.5, pixel / 2.4) + _bar(v / 2.4, 0.5, pixel / 2.4)
    return bars / 2, 1.0


def herringbone(u: Field, v: Field, pixel: float) -> Cloth:
    """Return ribs whose direction alternates by column."""
    side = np.abs(_within(u / 3.2))
    return _bar(v / 1.2 + side * 2.7, 0.5, pixel * 1.6) * 0.8, 1.0


def floral(u: Field, v: Field, pixel: float) -> Cloth:
    """Return five-petalled flowers, one per square, with pseudo-random rotation and offset."""
    step = 4.2
    x, y = u / step, v / step
    column, row = np.floor(x), np.floor(y + (np.floor(x) % 2) / 2)
    turn = _scatter(column, row)
    x, y = x - column - np.float32(0.5), y + (column % 2) / 2 - row - np.float32(0.5)
    x, y = x + (turn - np.float32(0.5)) * 0.24, y + (_scatter(row, column) - np.float32(0.5)) * 0.24
    distance = np.hypot(x, y)
    petals = 0.23 + 0.09 * np.cos(5 * np.arctan2(y, x) + turn * 6)
    edge = pixel / step
    flower, heart = _inside(petals - distance, edge), _inside(0.075 - distance, edge)
    return flower - heart * 0.8, 1.0


FABRICS = {
    "plain": Fabric("Plain", plain),
    "denim": Fabric("Denim", denim),
    "knit": Fabric("Knit", knit),
    "stripes": Fabric("Stripes", stripes),
    "dots": Fabric("Dots", dots),
    "check": Fabric("Check", check),
    "herringbone": Fabric("Herringbone", herringbone),
    "floral": Fabric("Floral", floral),
}
"""Fabrics by name, in the order of the page."""


def _within(x: Field) -> Field:
    """Return the fractional part, shifted to -0.5..0.5."""
    return x - np.floor(x) - np.float32(0.5)


def _wave(x: Field) -> Field:
    """Return a smooth wave of period 1 in 0..1; a polynomial, which is faster than a sine."""
    part = np.abs(_within(x)) * 2
    wave: Field = part * part * (3 - 2 * part)
    return wave


def _inside(distance: Field, soft: float) -> Field:
    """Return 1 inside (positive distance) and 0 outside, with an edge of width ``soft``."""
    inside: Field = np.clip(distance / np.float32(soft) + np.float32(0.5), 0, 1)
    return inside


def _bar(x: Field, share: float, soft: float) -> Field:
    """Return bars of period 1 that fill a share of each period."""
    return _inside(np.float32(share / 2) - np.abs(_within(x)), soft)


def _scatter(x: Field, y: Field) -> Field:
    """Hash pairs of whole numbers to 0..1.

    The fractional part of large products is pseudo-random, and needs no state.
    """
    product = x * np.float32(0.7548777) + y * np.float32(0.5698403)
    product = np.square(product - np.floor(product)) * np.float32(97)
    scattered: Field = product - np.floor(product)
    return scattered
