"""Sliding windows: where they lie, for convolutions and pooling alike."""

from dataclasses import dataclass

from converter.ops.values import Op


@dataclass(frozen=True)
class Window:
    """A window that slides over the spatial axes.

    Attributes:
        kernel: How many elements it takes, for each axis.
        strides: How far it moves.
        dilations: How far its elements are apart.
        pads: Margins before and after each axis.
    """

    kernel: tuple[int, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    pads: tuple[tuple[int, int], ...]

    def span(self, axis: int) -> int:
        """Return how many elements of the input lie under the window."""
        return (self.kernel[axis] - 1) * self.dilations[axis] + 1

    def same(self, sides: tuple[int, ...]) -> bool:
        """Tell whether the margins are those of TensorFlow's ``SAME`` for an input's sides."""
        return all(
            pads == _same(side, self.span(axis), self.strides[axis], upper=True)
            for axis, (side, pads) in enumerate(zip(sides, self.pads, strict=True))
        )


def window(node: Op, kernel: tuple[int, ...], sides: tuple[int, ...]) -> Window:
    """Return the window of a node: ``kernel_shape``, ``strides``, ``pads``, ``auto_pad`` ..."""
    axes = range(len(kernel))
    strides = tuple(int(each) for each in node.numbers("strides", [1] * len(kernel)))
    dilations = tuple(int(each) for each in node.numbers("dilations", [1] * len(kernel)))
    spans = [(kernel[axis] - 1) * dilations[axis] + 1 for axis in axes]
    mode = node.text("auto_pad", "NOTSET")
    if mode.startswith("SAME"):
        upper = mode == "SAME_UPPER"
        pads = [_same(sides[i], spans[i], strides[i], upper=upper) for i in axes]
    else:
        flat = node.numbers("pads", [0] * 2 * len(kernel)) if mode == "NOTSET" else [0] * 20
        pads = [(int(flat[i]), int(flat[i + len(kernel)])) for i in axes]
    return Window(kernel, strides, dilations, tuple(pads))


def _same(side: int, span: int, stride: int, *, upper: bool) -> tuple[int, int]:
    total = max(0, (-(-side // stride) - 1) * stride + span - side)
    small, large = total // 2, total - total // 2
    return (small, large) if upper else (large, small)
