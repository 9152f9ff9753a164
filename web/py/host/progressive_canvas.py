"""A canvas that shows a small picture while it changes, then a full one row by row."""

from typing import Any

import numpy as np
from js import ImageData, document, window
from numpy.typing import NDArray

from host.page import Element

FINEST = 1024
"""Greatest painted side, in pixels: more is slow and hardly visible."""


class ProgressiveCanvas:
    """A square canvas."""

    def __init__(self, canvas: Element) -> None:
        self._canvas = canvas
        self._sketch = document.createElement("canvas")
        self._full = document.createElement("canvas")

    @property
    def side(self) -> int:
        """Side of the canvas in screen pixels, at most `FINEST`."""
        shown = int(self._canvas.clientWidth * window.devicePixelRatio)
        return min(FINEST, max(1, shown))

    def sketch(self, rgba: NDArray[np.uint8]) -> None:
        """Show an enlarged picture, ``(side, side, 4) uint8 RGBA``."""
        put(self._sketch, rgba, 0, len(rgba))
        self._show(self._sketch)

    def rows(self, rgba: NDArray[np.uint8], top: int) -> bool:
        """Add rows of a picture from ``top`` on; after the last ones, show it and return True."""
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
    """Put rows of a square picture on a canvas, and resize the canvas to the picture.

    Args:
        canvas: A canvas element.
        rgba: ``(rows, side, 4) uint8``.
        top: Index of the first row.
        side: Side of the picture, in pixels.
    """
    if (canvas.width, canvas.height) != (side, side):
        canvas.width = canvas.height = side
    rows, width, _ = rgba.shape
    data: Any = ImageData.new(width, rows)
    data.data.assign(rgba.ravel())
    canvas.getContext("2d").putImageData(data, 0, top)
