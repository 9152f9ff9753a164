"""Canvases as arrays, arrays on canvases, and pictures with boxes over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from js import ImageData, document, getComputedStyle, window
from numpy.typing import NDArray

from host.page import Element

LONGEST = 2048
"""Greatest longer side of a picture's canvas, in pixels: phones limit the area of a canvas."""

FONT = 14
LINE = 2.5
"""Height of labels and width of lines, in units of 1/16 of the page's font size."""


@dataclass(frozen=True)
class Box:
    """A labelled box over a picture; sides in pixels of the picture."""

    label: str
    x1: float
    y1: float
    x2: float
    y2: float

    def scaled(self, factor: float) -> "Box":
        """Return the box for a picture scaled by a factor."""
        return Box(self.label, *(side * factor for side in (self.x1, self.y1, self.x2, self.y2)))

    def mirrored(self, width: float) -> "Box":
        """Return the box for a mirrored picture."""
        return Box(self.label, width - self.x2, self.y1, width - self.x1, self.y2)


def read(canvas: Element) -> NDArray[np.uint8]:
    """Return the pixels of a canvas: ``(H, W, 4) uint8 RGBA``, colour not premultiplied."""
    width, height = int(canvas.width), int(canvas.height)
    image = canvas.getContext("2d").getImageData(0, 0, width, height)
    return np.asarray(image.data.to_py(), np.uint8).reshape(height, width, 4)


def paint_grey(canvas: Element, image: NDArray[np.float32]) -> None:
    """Show a grey image on a canvas, and resize the canvas to it.

    Args:
        canvas: A canvas element.
        image: ``(H, W) float32`` in 0..1; 0 is black, 1 is white.
    """
    paint_pixels(canvas, np.round(image[..., None] * 255).astype(np.uint8))


def paint_pixels(canvas: Element, pixels: NDArray[np.uint8]) -> None:
    """Show a uint8 image on a canvas, and resize the canvas to it.

    Args:
        canvas: A canvas element.
        pixels: ``(H, W, 1) uint8`` grey or ``(H, W, 3) uint8`` RGB.
    """
    height, width = pixels.shape[:2]
    rgba = np.full((height, width, 4), 255, np.uint8)
    rgba[..., :3] = pixels
    data = ImageData.new(width, height)
    data.data.assign(rgba.ravel())
    canvas.width, canvas.height = width, height
    canvas.getContext("2d").putImageData(data, 0, 0)


def paint(canvas: Element, source: Any, size: tuple[int, int]) -> None:  # noqa: ANN401
    """Show a picture on a canvas, with its aspect ratio.

    Args:
        canvas: A canvas element.
        source: Anything that the browser can draw.
        size: Height and width of the source.
    """
    height, width = size
    scale = min(1.0, LONGEST / max(size))
    canvas.width, canvas.height = max(1, round(width * scale)), max(1, round(height * scale))
    context = canvas.getContext("2d")
    context.fillStyle = "#fff"
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.drawImage(source, 0, 0, canvas.width, canvas.height)


def draw_boxes(
    canvas: Element, boxes: Sequence[Box], size: tuple[int, int], mirrored: bool = False
) -> None:
    """Draw boxes on a canvas that lies over a picture.

    Args:
        canvas: A canvas element; it gets the picture's aspect ratio and the screen's resolution.
        boxes: Boxes, which replace earlier ones; the first is drawn on top.
        size: Height and width of the picture.
        mirrored: Whether the picture is shown mirrored.
    """
    if not boxes:  # nothing to draw: avoids a layout
        canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height)
        return
    context, scale, unit = _fit(canvas, size)
    for box in reversed(boxes):
        shown = box.mirrored(size[1]) if mirrored else box
        _draw_box(context, shown.scaled(scale), unit)


def draw_points(
    canvas: Element,
    points: Sequence[tuple[float, float]],
    lines: Sequence[tuple[tuple[float, float], tuple[float, float]]],
    size: tuple[int, int],
    mirrored: bool = False,
) -> None:
    """Draw points and lines on a canvas that lies over a picture; see `draw_boxes`.

    Args:
        canvas: A canvas element.
        points: x and y in pixels of the picture.
        lines: The two ends of each line.
        size: Height and width of the picture.
        mirrored: Whether the picture is shown mirrored.
    """
    context, scale, unit = _fit(canvas, size)
    _draw_points(context, points, lines, (scale, unit), size[1] if mirrored else None)


def with_points(
    picture: Element,
    points: Sequence[tuple[float, float]],
    lines: Sequence[tuple[tuple[float, float], tuple[float, float]]],
    size: tuple[int, int],
) -> Element:
    """Return a copy of a canvas with points and lines drawn into it."""
    canvas, context = _copy(picture)
    unit = max(1, max(canvas.width, canvas.height) / 800)
    _draw_points(context, points, lines, (picture.width / size[1], unit), None)
    return canvas


def _fit(canvas: Element, size: tuple[int, int]) -> tuple[Any, float, float]:
    """Resize a canvas over a picture to its aspect ratio, at the screen's resolution.

    Returns:
        Drawing context, canvas pixels per picture pixel, and canvas pixels per unit of `FONT` and
        `LINE`.
    """
    height, width = size
    scale = min(canvas.clientWidth / width, canvas.clientHeight / height)
    sharpness = float(window.devicePixelRatio)
    unit = sharpness * float(getComputedStyle(document.documentElement).fontSize[:-2]) / 16
    canvas.width = max(1, round(width * scale * sharpness))
    canvas.height = max(1, round(height * scale * sharpness))
    return canvas.getContext("2d"), scale * sharpness, unit


def _copy(picture: Element) -> tuple[Element, Any]:
    """Return a copy of a canvas, and its drawing context."""
    canvas = document.createElement("canvas")
    canvas.width, canvas.height = picture.width, picture.height
    context = canvas.getContext("2d")
    context.drawImage(picture, 0, 0)
    return canvas, context


def _colours() -> tuple[str, str]:
    """Return the colours of lines, and of text on them."""
    style = getComputedStyle(document.documentElement)
    return style.getPropertyValue("--box"), style.getPropertyValue("--on-box")


def _draw_points(
    context: Any,  # noqa: ANN401 - a JavaScript drawing context
    points: Sequence[tuple[float, float]],
    lines: Sequence[tuple[tuple[float, float], tuple[float, float]]],
    scales: tuple[float, float],
    mirror: float | None,
) -> None:
    """Draw points; ``mirror`` is the width of a picture that is shown mirrored."""
    scale, unit = scales
    line, rim = _colours()
    context.lineCap = "round"

    def at(point: tuple[float, float]) -> tuple[float, float]:
        x = point[0] if mirror is None else mirror - point[0]
        return x * scale, point[1] * scale

    for colour, share in ((rim, 2.0), (line, 1.0)):  # a rim, so that it shows on any picture
        context.strokeStyle = context.fillStyle = colour
        context.lineWidth = LINE * unit * share
        for start, end in lines:
            context.beginPath()
            context.moveTo(*at(start))
            context.lineTo(*at(end))
            context.stroke()
        for point in points:
            context.beginPath()
            context.arc(*at(point), LINE * unit * (0.6 + share), 0, 7)
            context.fill()


def with_boxes(picture: Element, boxes: Sequence[Box], size: tuple[int, int]) -> Element:
    """Return a copy of a canvas with boxes drawn into it.

    Args:
        picture: A canvas that shows the picture, possibly reduced.
        boxes: Boxes in pixels of the original picture; the first is drawn on top.
        size: Height and width of the original picture.
    """
    canvas, context = _copy(picture)
    scale = picture.width / size[1]
    for box in reversed(boxes):
        _draw_box(context, box.scaled(scale), max(1, max(canvas.width, canvas.height) / 800))
    return canvas


def _draw_box(context: Any, box: Box, unit: float) -> None:  # noqa: ANN401
    """Draw a box in canvas pixels; ``unit`` is the canvas pixels per unit of `FONT` and `LINE`."""
    line, text = _colours()
    context.lineJoin = "round"
    for colour, share in ((text, 2.0), (line, 1.0)):  # a rim, so that it shows on any picture
        context.strokeStyle, context.lineWidth = colour, LINE * unit * share
        context.strokeRect(box.x1, box.y1, box.x2 - box.x1, box.y2 - box.y1)
    context.font = f"600 {FONT * unit}px system-ui, sans-serif"
    width, height = context.measureText(box.label).width + 10 * unit, (FONT + 8) * unit
    left = max(0.0, min(box.x1 - LINE * unit / 2, context.canvas.width - width))
    top = box.y1 - height if box.y1 >= height else max(0.0, box.y1)
    context.fillStyle = line
    context.fillRect(left, top, width, height)
    context.fillStyle, context.textBaseline = text, "middle"
    context.fillText(box.label, left + 5 * unit, top + height / 2)
