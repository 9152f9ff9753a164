"""Convolutions in TF.js's layouts: images NHWC or NDHWC, filters with their channels last."""

from dataclasses import replace

import numpy as np

from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.emit.window import Window
from converter.graph import Attribute


def convolve(b: Builder, op: str, image: Value, filters: Value, slide: Window) -> Value:
    """Emit a two-dimensional convolution.

    TF.js cannot stride and dilate at once: then a dilated convolution is followed by a
    StridedSlice.

    Args:
        b: The builder.
        op: ``Conv2D`` or ``DepthwiseConv2dNative``.
        image: ``(N, H, W, C)``.
        filters: ``(height, width, in, out)``, or ``(height, width, in, multiplier)``.
        slide: The window.

    Returns:
        ``(N, H', W', out)``.
    """
    both = max(slide.strides) > 1 and max(slide.dilations) > 1
    steps = (1, 1) if both else slide.strides
    attributes: dict[str, Attribute] = {
        "data_format": "NHWC",
        "strides": (1, *steps, 1),
        "dilations": (1, *slide.dilations, 1),
        **_padding(replace(slide, strides=steps), image.shape[1:3]),
    }
    sides = [
        (side + sum(slide.pads[i]) - slide.span(i)) // steps[i] + 1
        for i, side in enumerate(image.shape[1:3])
    ]
    depthwise = op == "DepthwiseConv2dNative"
    channels = int(np.prod(filters.shape[2:])) if depthwise else filters.shape[3]
    shape = (image.shape[0], *sides, channels)
    made = b.emit(op, [image, filters], shape, "float32", **attributes)
    if not both:
        return made
    return b.stride(made, (0, 0, 0, 0), shape, (1, *slide.strides, 1))


def _padding(slide: Window, sides: tuple[int, ...]) -> dict[str, Attribute]:
    if not any(map(any, slide.pads)):
        return {"padding": "VALID"}
    if slide.same(sides):
        return {"padding": "SAME"}
    (top, bottom), (left, right) = slide.pads
    return {"padding": "EXPLICIT", "explicit_paddings": (0, 0, top, bottom, left, right, 0, 0)}


def convolve_volume(b: Builder, volume: Value, filters: Value, slide: Window) -> Value:
    """Emit a three-dimensional convolution.

    Args:
        b: The builder.
        volume: ``(N, D, H, W, C)``.
        filters: ``(depth, height, width, in, out)``.
        slide: The window, without dilations.

    Raises:
        Refused: If it is dilated.
    """
    if max(slide.dilations) > 1:
        raise Refused("a dilated convolution over three axes", "use a dilation of 1")
    volume = b.pad(volume, [(0, 0), *slide.pads, (0, 0)])
    sides = [
        (side - slide.kernel[i]) // slide.strides[i] + 1 for i, side in enumerate(volume.shape[1:4])
    ]
    return b.emit(
        "Conv3D",
        [volume, filters],
        (volume.shape[0], *sides, filters.shape[4]),
        "float32",
        data_format="NDHWC",
        strides=(1, *slide.strides, 1),
        dilations=(1, 1, 1, 1, 1),
        padding="VALID",
    )


def convolve_transposed(b: Builder, image: Value, filters: Value, slide: Window) -> Value:
    """Emit a transposed convolution, with everything that the filters reach.

    Args:
        b: The builder.
        image: ``(N, H, W, C)``.
        filters: ``(height, width, out, in)``, dilations written out as zeros.
        slide: The window; its margins are ignored.

    Returns:
        ``(N, H', W', out)``; the caller crops the margins.
    """
    sides = [
        (side - 1) * slide.strides[i] + slide.span(i) for i, side in enumerate(image.shape[1:3])
    ]
    shape = (image.shape[0], *sides, filters.shape[2])
    return b.emit(
        "Conv2DBackpropInput",
        [b.constant(np.asarray(shape, np.int32)), filters, image],
        shape,
        "float32",
        strides=(1, *slide.strides, 1),
        padding="VALID",
        data_format="NHWC",
    )
