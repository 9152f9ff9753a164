"""Pooling in TF.js's layouts: images NHWC, volumes NDHWC."""

from itertools import product

import numpy as np

from converter.emit.builder import Builder
from converter.emit.refusals import Refused
from converter.emit.values import Value
from converter.emit.window import Window
from converter.graph import Attribute


def pool(b: Builder, op: str, image: Value, slide: Window, fill: float | None) -> Value:
    """Pool over two or three spatial axes.

    Args:
        b: The builder.
        op: ``MaxPool`` or ``AvgPool``.
        image: ``(N, H, W, C)`` or ``(N, D, H, W, C)``.
        slide: The window.
        fill: Value of the margins; None for TensorFlow's ``SAME``, which ignores margins.

    Raises:
        Refused: If the window is empty.
    """
    if fill is not None:
        image = b.pad(image, [(0, 0), *slide.pads, (0, 0)], fill)
    sides = [
        -(-side // slide.strides[i])
        if fill is None
        else (side - slide.span(i)) // slide.strides[i] + 1
        for i, side in enumerate(image.shape[1:-1])
    ]
    shape = (image.shape[0], *sides, image.shape[-1])
    if max(slide.dilations) > 1:
        return _dilated(b, op, image, slide, shape)
    flat = image.rank == 4
    attributes: dict[str, Attribute] = {
        "ksize": (1, *slide.kernel, 1),
        "strides": (1, *slide.strides, 1),
        "padding": "SAME" if fill is None else "VALID",
        "data_format": "NHWC" if flat else "NDHWC",
    }
    return b.emit(op if flat else f"{op}3D", [image], shape, image.dtype, **attributes)


def _dilated(b: Builder, op: str, image: Value, slide: Window, shape: tuple[int, ...]) -> Value:
    """Pool with dilations, which TF.js lacks: combine one slice for each element of the window."""
    total: Value | None = None
    for place in product(*map(range, slide.kernel)):
        begin = [p * d for p, d in zip(place, slide.dilations, strict=True)]
        end = [
            s + (n - 1) * step + 1
            for s, n, step in zip(begin, shape[1:-1], slide.strides, strict=True)
        ]
        ends = (image.shape[0], *end, image.shape[-1])
        taken = b.stride(image, (0, *begin, 0), ends, (1, *slide.strides, 1))
        if total is None:
            total = taken
        else:
            total = b.binary("Maximum" if op == "MaxPool" else "AddV2", total, taken)
    if total is None:
        raise Refused("an empty window", "export the model again")
    return total if op == "MaxPool" else b.mul(total, 1 / float(np.prod(slide.kernel)))
