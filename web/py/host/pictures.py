"""Decode picture files to arrays with the browser.

Pictures are rotated by their EXIF orientation and composited over white. Colours are not converted
from their profile, as in Python's libraries.
"""

from typing import Any, TypeAlias

import numpy as np
from js import Blob, Object, createImageBitmap, document
from numpy.typing import NDArray
from pyodide.ffi import JsException, to_js

from picture_file import PictureError, check_bytes, read_header

Source: TypeAlias = Any
"""A drawable JavaScript object: an image bitmap, a canvas or a video."""

Rgb: TypeAlias = NDArray[np.uint8]
"""``(H, W, 3) uint8``."""

_AS_STORED = Object.fromEntries(
    to_js([["colorSpaceConversion", "none"], ["premultiplyAlpha", "none"]])
)
_FOR_READING = Object.fromEntries(to_js([["willReadFrequently", True], ["alpha", False]]))

_STRIP_PIXELS = 1 << 20
"""Pixels read at a time: phones limit memory and the area of a canvas."""


async def decode(data: bytes) -> Rgb:
    """Decode a PNG or JPEG file.

    Args:
        data: The whole file.

    Returns:
        ``(H, W, 3) uint8 RGB``, upright, over white.

    Raises:
        PictureError: If the file is too large, of another kind, or damaged.
    """
    bitmap = await _open(data, Blob.new([to_js(data)]))
    try:
        return read(bitmap, (int(bitmap.height), int(bitmap.width)))
    finally:
        bitmap.close()


async def open_file(file: Any) -> Source:  # noqa: ANN401 - a JavaScript File or Blob
    """Decode a visitor's file to an ``ImageBitmap``, which the caller closes.

    Raises:
        PictureError: As `decode`; or if the file cannot be read.
    """
    check_bytes(int(file.size))  # before reading
    try:
        data: bytes = (await file.arrayBuffer()).to_bytes()
    except JsException:
        raise PictureError("The file cannot be read. Was it moved or deleted?") from None
    return await _open(data, file)


async def _open(data: bytes, file: Any) -> Source:  # noqa: ANN401 - a JavaScript File or Blob
    read_header(data)
    try:
        return await createImageBitmap(file, _AS_STORED)
    except JsException:
        raise PictureError(
            "The picture is damaged and cannot be decoded. Try another file."
        ) from None


def read(source: Source, size: tuple[int, int]) -> Rgb:
    """Read the pixels of a drawable source, composited over white.

    Args:
        source: An image bitmap, a canvas or a video.
        size: Height and width to draw it with; smaller ones are reduced by the browser, which is
            fast but differs between browsers.

    Returns:
        ``(*size, 3) uint8 RGB``.
    """
    height, width = size
    rows = min(height, max(1, _STRIP_PIXELS // width))
    context = _open_canvas(width, rows)
    if rows == height:
        context.drawImage(source, 0, 0, width, height)
        return _read_strip(context, width, height)
    rgb = np.empty((height, width, 3), np.uint8)
    for top in range(0, height, rows):
        context.fillRect(0, 0, width, rows)
        context.drawImage(source, 0, -top, width, height)
        rgb[top : top + rows] = _read_strip(context, width, min(rows, height - top))
    return rgb


def _read_strip(context: Any, width: int, height: int) -> Rgb:  # noqa: ANN401
    rgba = np.empty((height, width, 4), np.uint8)
    context.getImageData(0, 0, width, height).data.assign_to(rgba)
    return rgba[..., :3]


def _open_canvas(width: int, height: int) -> Any:  # noqa: ANN401 - a JavaScript drawing context
    canvas = document.createElement("canvas")
    canvas.width, canvas.height = width, height
    context = canvas.getContext("2d", _FOR_READING)
    context.fillStyle = "#fff"
    context.fillRect(0, 0, width, height)
    return context
