"""Sliding windows: geometry of convolutions and pooling."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Window:
    """A window that slides over the spatial axes; each attribute has an entry for each axis.

    Attributes:
        kernel: Its size.
        strides: Step between its positions.
        dilations: Distance between its elements.
        pads: Margins ``(before, after)``.
    """

    kernel: tuple[int, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    pads: tuple[tuple[int, int], ...]

    def span(self, axis: int) -> int:
        """Return how many elements of the input lie under the window, dilation included."""
        return (self.kernel[axis] - 1) * self.dilations[axis] + 1

    def same(self, sides: tuple[int, ...]) -> bool:
        """Return whether the margins equal TensorFlow's ``SAME`` for an input of these sides."""
        return all(
            pads == same_margins(side, self.span(axis), self.strides[axis])
            for axis, (side, pads) in enumerate(zip(sides, self.pads, strict=True))
        )

    def with_height(self) -> "Window":
        """Return a window over one axis as one over two, with a height of 1."""
        return Window(
            (1, *self.kernel), (1, *self.strides), (1, *self.dilations), ((0, 0), *self.pads)
        )


def same_margins(side: int, span: int, stride: int, *, upper: bool = True) -> tuple[int, int]:
    """Return the margins ``(before, after)`` that give ``ceil(side / stride)`` positions.

    Args:
        side: Size of the input.
        span: Size of the window, dilation included.
        stride: Step between its positions.
        upper: Whether an odd margin is larger after the axis, as TensorFlow has it, or before.
    """
    total = max(0, (-(-side // stride) - 1) * stride + span - side)
    small, large = total // 2, total - total // 2
    return (small, large) if upper else (large, small)
