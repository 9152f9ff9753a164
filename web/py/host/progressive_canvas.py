"""A canvas that shows arrays: a small picture while it changes, then a full one row by row."""

from typing import Any

import numpy as np
from js import ImageData, document, window
from numpy.typing import NDArray

from host.page import Element

FINEST = 1024
"""Longest side that is painted for the screen, in pixels: more takes long, and is hardly seen."""


class ProgressiveCanvas:
    """A square canvas."""

    def __init__(self, canvas: Element) -> None:
        self._canvas = canvas
        self._sketch = document.createElement("canvas")
        self._full = document.createElement("canvas")

    @property
    def side(self) -> int:
        """Side of the canvas in pixels of the screen, at most `FINEST`."""
        shown = int(self._canvas.clientWidth * window.devicePixelRatio)
        return min(FINEST, max(1, shown))

    def sketch(self, rgba: NDArray[np.uint8]) -> None:
        """Show a picture, enlarged: ``(side, side, 4) uint8``."""
        put(self._sketch, rgba, 0, len(rgba))
        self._show(self._sketch)

    def rows(self, rgba: NDArray[np.uint8], top: int) -> bool:
        """Add rows of a picture from ``top`` on; show it and return True after the last ones."""
        side = rgba.shape[1]
        put(self._full, rgba, top, side)
        if top + len(rgba) < side:
            return False
        self._show(self._full)
        return True

    def _show(self, picture: Element) -> None:
        canvas, side = self._canvas, self.side
        if canvas.width != side:
            canvas.width = canvas.height = side
        canvas.getContext("2d").drawImage(picture, 0, 0, side, side)


def put(canvas: Element, rgba: NDArray[np.uint8], top: int, side: int) -> None:
    """Put some rows of a square picture on a canvas, whose side becomes the picture's.

    Args:
        canvas: A canvas element.
        rgba: ``(rows, side, 4) uint8``.
        top: Which row of the picture is the first.
        side: Of the picture.
    """
    if (canvas.width, canvas.height) != (side, side):
        canvas.width = canvas.height = side
    rows, width, _ = rgba.shape
    data: Any = ImageData.new(width, rows)
    data.data.assign(rgba.ravel())
    canvas.getContext("2d").putImageData(data, 0, top)
