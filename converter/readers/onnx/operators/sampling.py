"""Sampling images at computed coordinates: GridSample.

https://onnx.ai/onnx/operators/onnx__GridSample.html. Pixels are rows of a table, with one Gather
for each tap of the interpolation.
"""

from collections.abc import Sequence
from functools import reduce
from itertools import product
from math import prod
from typing import TypeAlias

import numpy as np

from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.readers.onnx.op import Op
from converter.readers.onnx.registry import converts

_CUBIC = -0.75
"""Parameter ``a`` of the cubic convolution (Keys, 1981), as ONNX sets it."""

_TAPS = {
    "nearest": 1,
    **dict.fromkeys(("linear", "bilinear"), 2),
    **dict.fromkeys(("cubic", "bicubic"), 4),
}
"""Number of pixels along an axis that each mode interpolates from."""

_Tap: TypeAlias = tuple[Value, Value | None]
"""Coordinate of a pixel along an axis, an integer in float32, and its weight; None for 1."""


@converts("GridSample", since=(16, 20, 22))
def grid_sample(node: Op, b: Builder) -> Value:
    """Interpolate at coordinates in -1..1 along each axis."""
    x, grid = node[0], node[1]
    sides, channels, places = x.shape[2:], x.shape[1], prod(grid.shape[:-1])
    last = b.transpose(x, (0, *range(2, x.rank), 1))
    table = b.reshape(last, (x.shape[0] * prod(sides), channels))
    rows = b.reshape(grid, (places, len(sides)))
    columns = [b.cut(rows, 1, i, 1) for i in reversed(range(len(sides)))]  # the last axis is first
    taps = [
        _taps(node, b, b.reshape(column, (places,)), side)
        for column, side in zip(columns, sides, strict=True)
    ]
    first = np.repeat(np.arange(x.shape[0]) * prod(sides), places // x.shape[0])
    start = b.constant(first.astype(np.float32))
    parts = [_pixels(b, table, start, chosen, sides) for chosen in product(*taps)]
    total = reduce(b.add, parts)
    made = b.reshape(total, (x.shape[0], *grid.shape[1:-1], channels))
    return b.transpose(made, (0, x.rank - 1, *range(1, x.rank - 1)))


def _pixels(
    b: Builder, table: Value, row: Value, chosen: Sequence[_Tap], sides: Sequence[int]
) -> Value:
    """Return the weighted pixels for one tap of each axis: ``(places, channels)``."""
    for axis, (pixel, _) in enumerate(chosen):
        row = b.add(row, b.mul(pixel, float(prod(sides[axis + 1 :]))))
    found = b.gather(table, b.cast(row, "int32"), 0)
    weights = [weight for _, weight in chosen if weight is not None]
    if not weights:
        return found
    return b.mul(found, b.reshape(reduce(b.mul, weights), (found.shape[0], 1)))


def _taps(node: Op, b: Builder, place: Value, side: int) -> list[_Tap]:
    """Return the taps along an axis for each coordinate.

    Args:
        node: The node.
        b: The builder.
        place: ``(places,) float32``, in -1..1.
        side: Size of the axis, in pixels.
    """
    corners, padding = bool(node.integer("align_corners", 0)), node.text("padding_mode", "zeros")
    if corners:
        place = b.mul(b.add(place, 1.0), (side - 1) / 2)
    else:
        place = b.mul(b.add(place, (side - 1) / side), side / 2)
    if padding == "reflection":
        place = _reflected(b, place, side, corners)
    count = _TAPS.get(node.text("mode", "linear"))
    if count is None:
        raise Refused(f"mode {node.text('mode', '')!r} does not exist", "export the model again")
    if count == 1:
        return [_kept(b, b.unary("Round", place), None, side, padding)]
    low = b.unary("Floor", place)
    beyond = b.sub(place, low)
    weights = _linear(b, beyond) if count == 2 else _cubic(b, beyond)
    taps = []
    for offset, weight in enumerate(weights, 1 - count // 2):
        pixel = b.add(low, float(offset))
        if padding == "reflection":
            pixel = b.unary("Round", _reflected(b, pixel, side, corners))
        taps.append(_kept(b, pixel, weight, side, padding))
    return taps


def _reflected(b: Builder, place: Value, side: int, corners: bool) -> Value:
    """Return coordinates reflected at the image's edges until they lie inside."""
    low, width = (0.0, side - 1.0) if corners else (-0.5, float(side))
    if not width:
        return b.mul(place, 0.0)
    wave = b.binary("FloorMod", b.sub(place, low), 2 * width)
    return b.sub(low + width, b.unary("Abs", b.sub(wave, width)))


def _clipped(b: Builder, place: Value, side: int) -> Value:
    return b.binary("Minimum", b.binary("Maximum", place, 0.0), side - 1.0)


def _kept(b: Builder, pixel: Value, weight: Value | None, side: int, padding: str) -> _Tap:
    """Return the tap clipped to the image; with padding ``zeros``, its weight is 0 outside."""
    inside = _clipped(b, pixel, side)
    if padding == "zeros":
        exists = b.cast(b.binary("Equal", inside, pixel, "bool"), "float32")
        weight = exists if weight is None else b.mul(weight, exists)
    return inside, weight


def _linear(b: Builder, beyond: Value) -> list[Value]:
    return [b.sub(1.0, beyond), beyond]


def _cubic(b: Builder, beyond: Value) -> list[Value]:
    """Return the weights of four pixels, given the distance from the second, in 0..1."""
    rest = b.sub(1.0, beyond)
    first, last = (_far(b, b.add(each, 1.0)) for each in (beyond, rest))
    return [first, _near(b, beyond), _near(b, rest), last]


def _near(b: Builder, x: Value) -> Value:
    """Return the cubic for distances up to 1: ``(a + 2) x^3 - (a + 3) x^2 + 1``."""
    inner = b.sub(b.mul(x, _CUBIC + 2), _CUBIC + 3)
    return b.add(b.mul(b.mul(inner, x), x), 1.0)


def _far(b: Builder, x: Value) -> Value:
    """Return the cubic for distances from 1 to 2: ``a x^3 - 5a x^2 + 8a x - 4a``."""
    inner = b.add(b.mul(b.sub(b.mul(x, _CUBIC), 5 * _CUBIC), x), 8 * _CUBIC)
    return b.sub(b.mul(inner, x), 4 * _CUBIC)
