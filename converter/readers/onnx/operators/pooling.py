"""Pooling, over one to three spatial axes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from converter.emit.builder import Builder
from converter.emit.pooling import pool
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.emit.window import Window
from converter.readers.onnx.op import Op
from converter.readers.onnx.registry import converts
from converter.readers.onnx.window import window

_LOWEST = float(np.finfo(np.float32).min)


@converts("GlobalAveragePool", since=(1, 22))
def global_average_pool(node: Op, b: Builder) -> Value:
    """Mean of each channel."""
    return b.reduce("Mean", node[0], range(2, node[0].rank))


@converts("GlobalMaxPool", since=(1, 22))
def global_max_pool(node: Op, b: Builder) -> Value:
    """Maximum of each channel."""
    return b.reduce("Max", node[0], range(2, node[0].rank))


@converts("GlobalLpPool", since=(2, 22))
def global_lp_pool(node: Op, b: Builder) -> Value:
    """Lp norm of each channel."""
    power = float(node.integer("p", 2))
    total = b.reduce("Sum", _powered(b, node[0], power), range(2, node[0].rank))
    return b.binary("Pow", total, 1 / power)


def _powered(b: Builder, x: Value, power: float) -> Value:
    return b.binary("Pow", b.unary("Abs", x), power)


@converts("MaxPool", since=(8, 10, 11, 12, 22))
def max_pool(node: Op, b: Builder) -> Value:
    """Maximum under a window; the second output, its position, is refused."""
    if len(node.results) > 1:
        raise Refused("asks where the largest elements are", "pool without the second output")
    slide = _window(node)
    x = b.cast(node[0], "float32")
    return b.cast(_pooled(b, "MaxPool", x, slide, _LOWEST), node.result.dtype)


@converts("AveragePool", since=(7, 10, 11, 19, 22))
def average_pool(node: Op, b: Builder) -> Value:
    """Mean under a window; ``count_include_pad`` says whether margins count."""
    slide = _window(node)
    if slide.same(node[0].shape[2:]) and not node.integer("count_include_pad", 0):
        return _pooled(b, "AvgPool", node[0], slide, None)
    made = _pooled(b, "AvgPool", node[0], slide, 0.0)
    if not any(map(any, slide.pads)):
        return made
    counts = _counts(node, slide, bool(node.integer("count_include_pad", 0)))
    return b.mul(made, b.constant((np.prod(slide.kernel) / counts).astype(np.float32)))


@converts("LpPool", since=(2, 11, 18, 22))
def lp_pool(node: Op, b: Builder) -> Value:
    """Lp norm under a window."""
    slide, power = _window(node), float(node.integer("p", 2))
    made = _pooled(b, "AvgPool", _powered(b, node[0], power), slide, 0.0)
    return b.binary("Pow", b.mul(made, float(np.prod(slide.kernel))), 1 / power)


def _window(node: Op) -> Window:
    """Return the window, its margins widened to the last position of ``ceil_mode``."""
    sides = node[0].shape[2:]
    slide = window(node, tuple(int(each) for each in node.numbers("kernel_shape")), sides)
    pads = []
    for i, side in enumerate(sides):
        before, after = slide.pads[i]
        needed = (node.result.shape[2 + i] - 1) * slide.strides[i] + slide.span(i)
        pads.append((before, max(after if after < 0 else 0, needed - side - before)))
    return Window(slide.kernel, slide.strides, slide.dilations, tuple(pads))


def _counts(node: Op, slide: Window, margins: bool) -> NDArray[Any]:
    """Return the number of elements that count at each position: ``(*sides) float64``.

    Args:
        node: The node.
        slide: Its window.
        margins: Whether declared margins count too.
    """
    counts = np.ones(())
    declared = window(node, slide.kernel, node[0].shape[2:]).pads
    for i, side in enumerate(node[0].shape[2:]):
        starts = np.arange(node.result.shape[2 + i]) * slide.strides[i] - slide.pads[i][0]
        places = starts[:, None] + np.arange(slide.kernel[i]) * slide.dilations[i]
        low, high = (-declared[i][0], side + declared[i][1]) if margins else (0, side)
        inside = ((places >= low) & (places < high)).sum(1)
        counts = counts[..., None] * np.maximum(inside, 1)
    return counts


def _pooled(b: Builder, op: str, x: Value, slide: Window, fill: float | None) -> Value:
    """Pool ``(N, C, *sides)``; see `converter.emit.pooling.pool`."""
    axes = x.rank - 2
    if axes not in {1, 2, 3}:
        raise Refused(f"pooling over {axes} axes", "TF.js has one to three")
    if axes == 1:
        wide = b.reshape(x, (*x.shape[:2], 1, x.shape[2]))
        made = _pooled(b, op, wide, slide.with_height(), fill)
        return b.reshape(made, (*made.shape[:2], made.shape[3]))
    image = b.transpose(x, (0, *range(2, x.rank), 1))
    return b.transpose(pool(b, op, image, slide, fill), (0, x.rank - 1, *range(1, x.rank - 1)))
