"""The digits page's pen, in Python's hands."""

from js import glassbooth


def put(x: float, y: float) -> None:
    """Begin a stroke at a place; both are shares of the drawing's side."""
    glassbooth.pen.put(x, y)


def draw_to(x: float, y: float) -> None:
    """Go on with the stroke that was begun last."""
    glassbooth.pen.drawTo(x, y)


def clear() -> None:
    """Take all strokes away."""
    glassbooth.pen.clear()
