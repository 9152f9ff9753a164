"""Convolutions. TF.js's images are NHWC, its filters (height, width, inputs, outputs)."""

from dataclasses import replace

import numpy as np

from converter.graph import Attribute
from converter.ops.builder import Builder
from converter.ops.registry import converts
from converter.ops.values import Op, Refused, Value
from converter.ops.window import Window, window

TO_NHWC, TO_NCHW = (0, 2, 3, 1), (0, 3, 1, 2)


@converts("Conv", 1, 11, 22)
def conv(node: Op, b: Builder) -> Value:
    """One, two or three spatial axes; any groups."""
    x, filters = node[0], node[1]
    made = convolve(node, b, x, filters)
    if node.get(2) is None:
        return made
    bias = b.reshape(node[2], (node[2].size, *(1,) * (x.rank - 2)))
    return b.add(made, bias)


def convolve(node: Op, b: Builder, x: Value, filters: Value) -> Value:
    """Convolve NCHW, without a bias; returns NCHW."""
    slide = window(node, filters.shape[2:], x.shape[2:])
    if x.rank == 3:
        flat = Window(
            (1, *slide.kernel), (1, *slide.strides), (1, *slide.dilations), ((0, 0), *slide.pads)
        )
        wide = [b.reshape(each, (*each.shape[:2], 1, each.shape[2])) for each in (x, filters)]
        made = _grouped(b, wide[0], wide[1], flat, node.integer("group", 1))
        return b.reshape(made, node.result.shape)
    if x.rank not in {4, 5}:
        raise Refused(f"a convolution over {x.rank - 2} axes", "TF.js has one to three")
    return _grouped(b, x, filters, slide, node.integer("group", 1))


def _grouped(b: Builder, x: Value, filters: Value, slide: Window, groups: int) -> Value:
    to_last = (0, *range(2, x.rank), 1)
    image = b.transpose(x, to_last)
    inputs = x.shape[1]
    if x.rank == 4 and groups == inputs and groups > 1:
        made = _depthwise(b, image, filters, slide)
    else:
        outputs = filters.shape[0] // groups
        made = b.concat(
            [
                _plain(
                    b,
                    b.cut(image, image.rank - 1, g * (inputs // groups), inputs // groups),
                    b.cut(filters, 0, g * outputs, outputs),
                    slide,
                )
                for g in range(groups)
            ],
            x.rank - 1,
        )
    return b.transpose(made, (0, x.rank - 1, *range(1, x.rank - 1)))


def _depthwise(b: Builder, image: Value, filters: Value, slide: Window) -> Value:
    outputs, _, height, width = filters.shape
    inputs = image.shape[-1]
    split = b.reshape(filters, (inputs, outputs // inputs, height, width))
    weights = b.transpose(split, (2, 3, 0, 1))
    return _strided(b, "DepthwiseConv2dNative", image, weights, slide)


def _plain(b: Builder, image: Value, filters: Value, slide: Window) -> Value:
    if image.rank == 5:
        return _volume(b, image, b.transpose(filters, (2, 3, 4, 1, 0)), slide)
    return _strided(b, "Conv2D", image, b.transpose(filters, (2, 3, 1, 0)), slide)


def _strided(b: Builder, op: str, image: Value, weights: Value, slide: Window) -> Value:
    """Emit a convolution; TF.js cannot stride and dilate at once, so strides come after then."""
    both = max(slide.strides) > 1 and max(slide.dilations) > 1
    steps = (1, 1) if both else slide.strides
    attributes: dict[str, Attribute] = {
        "data_format": "NHWC",
        "strides": (1, *steps, 1),
        "dilations": (1, *slide.dilations, 1),
        **padding(slide if not both else replace(slide, strides=steps), image.shape[1:3]),
    }
    sides = [
        (side + sum(slide.pads[i]) - slide.span(i)) // steps[i] + 1
        for i, side in enumerate(image.shape[1:3])
    ]
    channels = int(np.prod(weights.shape[2:])) if op.startswith("Depthwise") else weights.shape[3]
    shape = (image.shape[0], *sides, channels)
    made = b.emit(op, [image, weights], shape, "float32", **attributes)
    if not both:
        return made
    return b.stride(made, (0, 0, 0, 0), shape, (1, *slide.strides, 1))


def padding(slide: Window, sides: tuple[int, ...]) -> dict[str, Attribute]:
    """Return the attributes for margins."""
    if not any(map(any, slide.pads)):
        return {"padding": "VALID"}
    if slide.same(sides):
        return {"padding": "SAME"}
    (top, bottom), (left, right) = slide.pads
    return {"padding": "EXPLICIT", "explicit_paddings": (0, 0, top, bottom, left, right, 0, 0)}


def _volume(b: Builder, image: Value, weights: Value, slide: Window) -> Value:
    if max(slide.dilations) > 1:
        raise Refused("a dilated convolution over three axes", "use a dilation of 1")
    image = b.pad(image, [(0, 0), *slide.pads, (0, 0)])
    sides = [
        (side - slide.kernel[i]) // slide.strides[i] + 1 for i, side in enumerate(image.shape[1:4])
    ]
    return b.emit(
        "Conv3D",
        [image, weights],
        (image.shape[0], *sides, weights.shape[4]),
        "float32",
        data_format="NDHWC",
        strides=(1, *slide.strides, 1),
        dilations=(1, 1, 1, 1, 1),
        padding="VALID",
    )


@converts("ConvTranspose", 1, 11, 22)
def conv_transpose(node: Op, b: Builder) -> Value:
    """One or two spatial axes: all that the filters reach, and then the margins cut off."""
    x, filters = node[0], node[1]
    if x.rank not in {3, 4}:
        raise Refused(f"a transposed convolution over {x.rank - 2} axes", "TF.js has two")
    slide = window(node, filters.shape[2:], x.shape[2:])
    shape = node.result.shape
    if x.rank == 3:
        x, filters = (b.reshape(each, (*each.shape[:2], 1, each.shape[2])) for each in (x, filters))
        slide = Window(
            (1, *slide.kernel), (1, *slide.strides), (1, *slide.dilations), ((0, 0), *slide.pads)
        )
        shape = (*shape[:2], 1, shape[2])
    before = _cut_before(node, slide, x.shape[2:], shape[2:])
    image = b.transpose(x, TO_NHWC)
    groups = node.integer("group", 1)
    size = x.shape[1] // groups
    parts = [
        _transposed(b, b.cut(image, 3, g * size, size), b.cut(filters, 0, g * size, size), slide)
        for g in range(groups)
    ]
    full = b.concat(parts, 3)
    made = _fitted(b, full, before, shape[2:])
    if node.get(2) is not None:
        made = b.add(made, node[2])
    return b.reshape(b.transpose(made, TO_NCHW), node.result.shape)


def _cut_before(
    node: Op, slide: Window, sides: tuple[int, ...], wanted: tuple[int, ...]
) -> list[int]:
    """Return how much to cut off before each axis."""
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


def _transposed(b: Builder, image: Value, filters: Value, slide: Window) -> Value:
    weights = b.transpose(_dilated(filters, slide, b), (2, 3, 1, 0))
    sides = [
        (side - 1) * slide.strides[i] + slide.span(i) for i, side in enumerate(image.shape[1:3])
    ]
    shape = (image.shape[0], *sides, weights.shape[2])
    return b.emit(
        "Conv2DBackpropInput",
        [b.constant(np.asarray(shape, np.int32)), weights, image],
        shape,
        "float32",
        strides=(1, *slide.strides, 1),
        padding="VALID",
        data_format="NHWC",
    )


def _dilated(filters: Value, slide: Window, b: Builder) -> Value:
    """Return filters with zeros between their elements, as dilations ask for."""
    if max(slide.dilations) == 1:
        return filters
    if filters.array is None:
        raise Refused("a dilated transposed convolution with computed filters", needs=(1,))
    spread = np.zeros((*filters.shape[:2], slide.span(0), slide.span(1)), np.float32)
    spread[:, :, :: slide.dilations[0], :: slide.dilations[1]] = filters.array
    return b.constant(spread)


def _fitted(b: Builder, full: Value, before: list[int], sides: tuple[int, ...]) -> Value:
    """Cut margins off, or add zeros where ``output_padding`` reaches beyond the filters."""
    missing = [
        (0, max(0, begin + side - have))
        for begin, side, have in zip(before, sides, full.shape[1:3], strict=True)
    ]
    full = b.pad(full, [(0, 0), *missing, (0, 0)])
    return b.slice(full, (0, *before, 0), (full.shape[0], *sides, full.shape[3]))


@converts("ConvInteger", 10)
def conv_integer(node: Op, b: Builder) -> Value:
    """In floats, which hold the sums exactly up to 2 ** 24."""
    x = shifted(b, node, 0, 2)
    return b.cast(convolve(node, b, x, shifted(b, node, 1, 3)), "int32")


def shifted(b: Builder, node: Op, index: int, zero: int) -> Value:
    """Return integers less their zero point, as floats."""
    x = b.cast(node[index], "float32")
    if node.get(zero) is None:
        return x
    point = b.cast(node[zero], "float32")
    if point.rank == 1 and point.size > 1:
        point = b.reshape(point, (point.size, *(1,) * (x.rank - 1)))
    elif point.rank:
        point = b.reshape(point, ())
    return b.sub(x, point)
