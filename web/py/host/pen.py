"""A pen on a canvas: JavaScript draws, so that drawing works before Python has started."""

from host.boundary import glassbooth


class Pen:
    """The pen of one canvas, moved by Python instead of a hand."""

    def __init__(self, canvas: str) -> None:
        """Take a canvas's pen; the canvas, by its id, has an attribute ``data-ink``."""
        self._pen = glassbooth.pens.get(canvas)

    def put(self, x: float, y: float) -> None:
        """Begin a stroke at a place; both are shares of the drawing's side."""
        self._pen.put(x, y)

    def draw_to(self, x: float, y: float) -> None:
        """Continue the last stroke."""
        self._pen.drawTo(x, y)

    def clear(self) -> None:
        """Remove all strokes."""
        self._pen.clear()
