"""Canvases as arrays, and arrays on canvases."""

import numpy as np
from js import ImageData
from numpy.typing import NDArray

from host.page import Element


def read(canvas: Element) -> NDArray[np.uint8]:
    """Return the pixels of a canvas: ``(H, W, 4) uint8 RGBA``, colour not premultiplied."""
    width, height = int(canvas.width), int(canvas.height)
    image = canvas.getContext("2d").getImageData(0, 0, width, height)
    return np.asarray(image.data.to_py(), np.uint8).reshape(height, width, 4)


def paint_grey(canvas: Element, image: NDArray[np.float32]) -> None:
    """Show an image on a canvas, whose size becomes the image's.

    Args:
        canvas: A canvas element.
        image: ``(H, W) float32`` in 0..1; 0 is black, 1 is white.
    """
    height, width = image.shape
    rgba = np.full((height, width, 4), 255, np.uint8)
    rgba[..., :3] = np.round(image[..., None] * 255)
    data = ImageData.new(width, height)
    data.data.assign(rgba.ravel())
    if (canvas.width, canvas.height) != (width, height):
        canvas.width, canvas.height = width, height
    canvas.getContext("2d").putImageData(data, 0, 0)
