"""Convolutions, over one to three spatial axes. ONNX's images and filters have channels first."""

import numpy as np

from converter.emit.builder import Builder
from converter.emit.convolution import convolve, convolve_transposed, convolve_volume
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.emit.window import Window
from converter.graph import TO_NCHW, TO_NHWC
from converter.readers.onnx.op import Op
from converter.readers.onnx.registry import converts
from converter.readers.onnx.window import window


@converts("Conv", since=(1, 11, 22))
def conv(node: Op, b: Builder) -> Value:
    """Convolve, with any number of groups."""
    x, filters = node[0], node[1]
    made = convolution(node, b, x, filters)
    if node.get(2) is None:
        return made
    bias = b.reshape(node[2], (node[2].size, *(1,) * (x.rank - 2)))
    return b.add(made, bias)


def convolution(node: Op, b: Builder, x: Value, filters: Value) -> Value:
    """Convolve without a bias.

    Args:
        node: Gives the window and the number of groups.
        b: The builder.
        x: ``(N, C, *sides) float32``.
        filters: ``(out, in / groups, *kernel) float32``.

    Returns:
        ``(N, out, *sides')``.

    Raises:
        Refused: If there are more than three spatial axes.
    """
    slide = window(node, filters.shape[2:], x.shape[2:])
    if x.rank == 3:
        wide = [_with_height(b, each) for each in (x, filters)]
        made = _grouped(b, wide[0], wide[1], slide.with_height(), node.integer("group", 1))
        return b.reshape(made, node.result.shape)
    if x.rank not in {4, 5}:
        raise Refused(f"a convolution over {x.rank - 2} axes", "TF.js has one to three")
    return _grouped(b, x, filters, slide, node.integer("group", 1))


def _with_height(b: Builder, x: Value) -> Value:
    """Return ``(a, b, width)`` as ``(a, b, 1, width)``."""
    return b.reshape(x, (*x.shape[:2], 1, x.shape[2]))


def _grouped(b: Builder, x: Value, filters: Value, slide: Window, groups: int) -> Value:
    to_last = (0, *range(2, x.rank), 1)
    image = b.transpose(x, to_last)
    inputs, outputs = x.shape[1] // groups, filters.shape[0] // groups
    if x.rank == 4 and groups == x.shape[1] and groups > 1:
        made = _depthwise(b, image, filters, slide)
    else:
        parts = [
            _plain(
                b,
                b.cut(image, image.rank - 1, g * inputs, inputs),
                b.cut(filters, 0, g * outputs, outputs),
                slide,
            )
            for g in range(groups)
        ]
        made = b.concat(parts, x.rank - 1)
    return b.transpose(made, (0, x.rank - 1, *range(1, x.rank - 1)))


def _depthwise(b: Builder, image: Value, filters: Value, slide: Window) -> Value:
    outputs, _, height, width = filters.shape
    inputs = image.shape[-1]
    split = b.reshape(filters, (inputs, outputs // inputs, height, width))
    return convolve(b, "DepthwiseConv2dNative", image, b.transpose(split, (2, 3, 0, 1)), slide)


def _plain(b: Builder, image: Value, filters: Value, slide: Window) -> Value:
    if image.rank == 5:
        return convolve_volume(b, image, b.transpose(filters, (2, 3, 4, 1, 0)), slide)
    return convolve(b, "Conv2D", image, b.transpose(filters, (2, 3, 1, 0)), slide)


@converts("ConvTranspose", since=(1, 11, 22))
def conv_transpose(node: Op, b: Builder) -> Value:
    """Convolve without margins, then crop them; one or two spatial axes."""
    x, filters = node[0], node[1]
    if x.rank not in {3, 4}:
        raise Refused(f"a transposed convolution over {x.rank - 2} axes", "TF.js has two")
    slide, shape = window(node, filters.shape[2:], x.shape[2:]), node.result.shape
    if x.rank == 3:
        x, filters = _with_height(b, x), _with_height(b, filters)
        slide, shape = slide.with_height(), (*shape[:2], 1, shape[2])
    before = _margins_before(node, slide, x.shape[2:], shape[2:])
    image, groups = b.transpose(x, TO_NHWC), node.integer("group", 1)
    size = x.shape[1] // groups
    parts = [
        _transposed(b, b.cut(image, 3, g * size, size), b.cut(filters, 0, g * size, size), slide)
        for g in range(groups)
    ]
    made = _fitted(b, b.concat(parts, 3), before, shape[2:])
    if node.get(2) is not None:
        made = b.add(made, node[2])
    return b.reshape(b.transpose(made, TO_NCHW), node.result.shape)


def _transposed(b: Builder, image: Value, filters: Value, slide: Window) -> Value:
    weights = b.transpose(_dilated(filters, slide, b), (2, 3, 1, 0))
    return convolve_transposed(b, image, weights, slide)


def _margins_before(
    node: Op, slide: Window, sides: tuple[int, ...], wanted: tuple[int, ...]
) -> list[int]:
    """Return how much to crop before each axis, for an output of sides ``wanted``."""
    mode = node.text("auto_pad", "NOTSET")
    if mode == "NOTSET" and "output_shape" not in node.attributes:
        return [before for before, _ in slide.pads]
    if mode == "VALID":
        return [0, 0]
    extra = node.numbers("output_padding", [0] * (node[0].rank - 2))
    extra = [0] * (2 - len(extra)) + extra
    totals = [
        max(0, (side - 1) * slide.strides[i] + extra[i] + slide.span(i) - wanted[i])
        for i, side in enumerate(sides)
    ]
    upper = mode != "SAME_LOWER" if "output_shape" not in node.attributes else mode == "SAME_UPPER"
    return [total // 2 if upper else total - total // 2 for total in totals]


def _dilated(filters: Value, slide: Window, b: Builder) -> Value:
    """Return filters with dilations written out as zeros between their elements."""
    if max(slide.dilations) == 1:
        return filters
    if filters.array is None:
        raise Refused("a dilated transposed convolution with computed filters", needs=(1,))
    spread = np.zeros((*filters.shape[:2], slide.span(0), slide.span(1)), np.float32)
    spread[:, :, :: slide.dilations[0], :: slide.dilations[1]] = filters.array
    return b.constant(spread)


def _fitted(b: Builder, full: Value, before: list[int], sides: tuple[int, ...]) -> Value:
    """Crop margins, or add zeros where ``output_padding`` reaches beyond the filters."""
    missing = [
        (0, max(0, begin + side - have))
        for begin, side, have in zip(before, sides, full.shape[1:3], strict=True)
    ]
    full = b.pad(full, [(0, 0), *missing, (0, 0)])
    return b.slice(full, (0, *before, 0), (full.shape[0], *sides, full.shape[3]))


@converts("ConvInteger", since=10)
def conv_integer(node: Op, b: Builder) -> Value:
    """Convolve integers in float32, which is exact for sums up to 2 ** 24."""
    x = shifted(b, node, 0, 2)
    return b.cast(convolution(node, b, x, shifted(b, node, 1, 3)), "int32")


def shifted(b: Builder, node: Op, index: int, zero: int) -> Value:
    """Return an integer input minus its zero point, as float32.

    Args:
        b: The builder.
        node: The node.
        index: Index of the input.
        zero: Index of the optional input with its zero point.
    """
    x = b.cast(node[index], "float32")
    if node.get(zero) is None:
        return x
    point = b.cast(node[zero], "float32")
    if point.rank == 1 and point.size > 1:
        point = b.reshape(point, (point.size, *(1,) * (x.rank - 1)))
    elif point.rank:
        point = b.reshape(point, ())
    return b.sub(x, point)
