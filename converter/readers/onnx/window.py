"""The sliding window of an ONNX node, from its attributes."""

from converter.emit.window import Window, same_margins
from converter.readers.onnx.op import Op


def window(node: Op, kernel: tuple[int, ...], sides: tuple[int, ...]) -> Window:
    """Return the window of a node, from ``strides``, ``dilations``, ``pads`` and ``auto_pad``.

    Args:
        node: A convolution or pooling.
        kernel: The window's size along each spatial axis.
        sides: The input's size along each spatial axis.
    """
    axes = range(len(kernel))
    strides = tuple(int(each) for each in node.numbers("strides", [1] * len(kernel)))
    dilations = tuple(int(each) for each in node.numbers("dilations", [1] * len(kernel)))
    mode = node.text("auto_pad", "NOTSET")
    if mode.startswith("SAME"):
        slide = Window(kernel, strides, dilations, ((0, 0),) * len(kernel))
        upper = mode == "SAME_UPPER"
        pads = [same_margins(sides[i], slide.span(i), strides[i], upper=upper) for i in axes]
    else:
        empty = [0] * 2 * len(kernel)
        flat = node.numbers("pads", empty) if mode == "NOTSET" else empty
        pads = [(int(flat[i]), int(flat[i + len(kernel)])) for i in axes]
    return Window(kernel, strides, dilations, tuple(pads))
