"""Pooling, over one to three spatial axes."""

from itertools import product

import numpy as np

from converter.graph import Attribute
from converter.ops.builder import Builder
from converter.ops.registry import converts
from converter.ops.values import Op, Refused, Value
from converter.ops.window import Window, window

_LOWEST = float(np.finfo(np.float32).min)


@converts("GlobalAveragePool", 1, 22)
def global_average_pool(node: Op, b: Builder) -> Value:
    """The mean of each channel."""
    return b.reduce("Mean", node[0], range(2, node[0].rank))


@converts("GlobalMaxPool", 1, 22)
def global_max_pool(node: Op, b: Builder) -> Value:
    """The largest element of each channel."""
    return b.reduce("Max", node[0], range(2, node[0].rank))


@converts("GlobalLpPool", 2, 22)
def global_lp_pool(node: Op, b: Builder) -> Value:
    """The norm of each channel."""
    power = float(node.integer("p", 2))
    total = b.reduce("Sum", _powered(b, node[0], power), range(2, node[0].rank))
    return b.binary("Pow", total, 1 / power)


def _powered(b: Builder, x: Value, power: float) -> Value:
    return b.binary("Pow", b.unary("Abs", x), power)


@converts("MaxPool", 8, 10, 11, 12, 22)
def max_pool(node: Op, b: Builder) -> Value:
    """The largest element under a window; not where it is."""
    if len(node.results) > 1:
        raise Refused("asks where the largest elements are", "pool without the second output")
    slide = _window(node)
    x = b.cast(node[0], "float32")
    return b.cast(_pooled(b, "MaxPool", x, slide, _LOWEST), node.result.dtype)


@converts("AveragePool", 7, 10, 11, 19, 22)
def average_pool(node: Op, b: Builder) -> Value:
    """The mean under a window, of margins too if ``count_include_pad`` says so."""
    slide = _window(node)
    if slide.same(node[0].shape[2:]) and not node.integer("count_include_pad", 0):
        return _pooled(b, "AvgPool", node[0], slide, 0.0, same=True)
    made = _pooled(b, "AvgPool", node[0], slide, 0.0)
    if not any(map(any, slide.pads)):
        return made
    counts = _counts(node, slide, bool(node.integer("count_include_pad", 0)))
    return b.mul(made, b.constant((np.prod(slide.kernel) / counts).astype(np.float32)))


@converts("LpPool", 2, 11, 18, 22)
def lp_pool(node: Op, b: Builder) -> Value:
    """The norm under a window."""
    slide, power = _window(node), float(node.integer("p", 2))
    made = _pooled(b, "AvgPool", _powered(b, node[0], power), slide, 0.0)
    return b.binary("Pow", b.mul(made, float(np.prod(slide.kernel))), 1 / power)


def _window(node: Op) -> Window:
    """Return the window, with margins wide enough for the last of ONNX's positions."""
    sides = node[0].shape[2:]
    slide = window(node, tuple(int(each) for each in node.numbers("kernel_shape")), sides)
    pads = []
    for i, side in enumerate(sides):
        before, after = slide.pads[i]
        needed = (node.result.shape[2 + i] - 1) * slide.strides[i] + slide.span(i)
        pads.append((before, max(after if after < 0 else 0, needed - side - before)))
    return Window(slide.kernel, slide.strides, slide.dilations, tuple(pads))


def _counts(
    node: Op, slide: Window, margins: bool
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return how many elements each position of the window counts: ``(*sides) float64``."""
    counts = np.ones(())
    declared = window(node, slide.kernel, node[0].shape[2:]).pads
    for i, side in enumerate(node[0].shape[2:]):
        starts = np.arange(node.result.shape[2 + i]) * slide.strides[i] - slide.pads[i][0]
        places = starts[:, None] + np.arange(slide.kernel[i]) * slide.dilations[i]
        low, high = (-declared[i][0], side + declared[i][1]) if margins else (0, side)
        inside = ((places >= low) & (places < high)).sum(1)
        counts = counts[..., None] * np.maximum(inside, 1)
    return counts


def _pooled(  # noqa: PLR0913 - all that a window needs
    b: Builder, op: str, x: Value, slide: Window, filling: float, *, same: bool = False
) -> Value:
    """Pool NCHW with one of TF.js's operations; returns NCHW."""
    axes = x.rank - 2
    if axes not in {1, 2, 3}:
        raise Refused(f"pooling over {axes} axes", "TF.js has one to three")
    if axes == 1:
        flat = Window(
            (1, *slide.kernel), (1, *slide.strides), (1, *slide.dilations), ((0, 0), *slide.pads)
        )
        wide = b.reshape(x, (*x.shape[:2], 1, x.shape[2]))
        made = _pooled(b, op, wide, flat, filling, same=same)
        return b.reshape(made, (*made.shape[:2], made.shape[3]))
    image = b.transpose(x, (0, *range(2, x.rank), 1))
    if not same:
        image = b.pad(image, [(0, 0), *slide.pads, (0, 0)], filling)
    sides = [
        -(-side // slide.strides[i]) if same else (side - slide.span(i)) // slide.strides[i] + 1
        for i, side in enumerate(image.shape[1:-1])
    ]
    shape = (image.shape[0], *sides, image.shape[-1])
    if max(slide.dilations) > 1:
        made = _by_slices(b, op, image, slide, shape)
    else:
        attributes: dict[str, Attribute] = {
            "ksize": (1, *slide.kernel, 1),
            "strides": (1, *slide.strides, 1),
            "padding": "SAME" if same else "VALID",
            "data_format": "NHWC" if axes == 2 else "NDHWC",
        }
        name = op if axes == 2 else f"{op}3D"
        made = b.emit(name, [image], shape, x.dtype, **attributes)
    return b.transpose(made, (0, x.rank - 1, *range(1, x.rank - 1)))


def _by_slices(b: Builder, op: str, image: Value, slide: Window, shape: tuple[int, ...]) -> Value:
    """Pool with dilations, which TF.js lacks: one slice for each element of the window."""
    total: Value | None = None
    for place in product(*map(range, slide.kernel)):
        begin = [p * d for p, d in zip(place, slide.dilations, strict=True)]
        end = [
            s + (n - 1) * step + 1
            for s, n, step in zip(begin, shape[1:-1], slide.strides, strict=True)
        ]
        taken = b.stride(
            image,
            (0, *begin, 0),
            (image.shape[0], *end, image.shape[-1]),
            (1, *slide.strides, 1),
        )
        if total is None:
            total = taken
        else:
            total = b.binary("Maximum" if op == "MaxPool" else "AddV2", total, taken)
    if total is None:
        raise Refused("an empty window", "export the model again")
    return total if op == "MaxPool" else b.mul(total, 1 / float(np.prod(slide.kernel)))
