"""Canvases as arrays, arrays on canvases, and pictures with boxes over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from js import ImageData, document, getComputedStyle, window
from numpy.typing import NDArray

from host.page import Element

LONGEST = 2048
"""Longer side of a canvas that shows a picture, at most: phones limit a canvas's area."""

FONT = 14
LINE = 2.5
"""Height of a box's label, and width of its line, where the page's text is 16 pixels high."""


@dataclass(frozen=True)
class Box:
    """A labelled box over a picture; sides in pixels of the picture."""

    label: str
    x1: float
    y1: float
    x2: float
    y2: float

    def scaled(self, factor: float) -> "Box":
        """Return the box scaled by a factor."""
        return Box(self.label, *(side * factor for side in (self.x1, self.y1, self.x2, self.y2)))

    def mirrored(self, width: float) -> "Box":
        """Return the box mirrored left to right."""
        return Box(self.label, width - self.x2, self.y1, width - self.x1, self.y2)


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
    paint_pixels(canvas, np.round(image[..., None] * 255).astype(np.uint8))


def paint_pixels(canvas: Element, pixels: NDArray[np.uint8]) -> None:
    """Show an image on a canvas, whose size becomes the image's.

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
    """Show a picture on a canvas, in its own proportions.

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
    """Draw boxes on a canvas of their own, which lies over a picture and is fitted as it is.

    Args:
        canvas: A canvas element; it gets the picture's proportions and the screen's resolution.
        boxes: What is drawn, the first over the others; what was there before is not any more.
        size: Height and width of the picture.
        mirrored: Whether the picture is shown the other way round.
    """
    if not boxes:  # nothing to be placed: no layout to wait for
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
        lines: The two ends of each.
        size: Height and width of the picture.
        mirrored: Whether the picture is shown as a mirror would.
    """
    context, scale, unit = _fit(canvas, size)
    _draw_points(context, points, lines, (scale, unit), size[1] if mirrored else None)


def with_points(
    picture: Element,
    points: Sequence[tuple[float, float]],
    lines: Sequence[tuple[tuple[float, float], tuple[float, float]]],
    size: tuple[int, int],
) -> Element:
    """Return a new canvas: the picture on another one, with points and lines drawn into it."""
    canvas, context = _copy(picture)
    unit = max(1, max(canvas.width, canvas.height) / 800)
    _draw_points(context, points, lines, (picture.width / size[1], unit), None)
    return canvas


def _fit(canvas: Element, size: tuple[int, int]) -> tuple[Any, float, float]:
    """Give a canvas over a picture the picture's proportions, at the screen's resolution.

    Returns:
        Its drawing context, the canvas's pixels for each of the picture's, and for each of those
        that `FONT` and `LINE` are given in.
    """
    height, width = size
    scale = min(canvas.clientWidth / width, canvas.clientHeight / height)
    sharpness = float(window.devicePixelRatio)
    unit = sharpness * float(getComputedStyle(document.documentElement).fontSize[:-2]) / 16
    canvas.width = max(1, round(width * scale * sharpness))
    canvas.height = max(1, round(height * scale * sharpness))
    return canvas.getContext("2d"), scale * sharpness, unit


def _copy(picture: Element) -> tuple[Element, Any]:
    """Return a new canvas that shows another one, and its drawing context."""
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
    """Draw points; ``mirror`` is the width of a picture that is shown as a mirror would."""
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
    """Return a new canvas: the picture on another one, with boxes drawn into it.

    Args:
        picture: A canvas that shows the picture, perhaps reduced.
        boxes: In pixels of the picture as it was; the first lies over the others.
        size: Its height and width as it was.
    """
    canvas, context = _copy(picture)
    scale = picture.width / size[1]
    for box in reversed(boxes):
        _draw_box(context, box.scaled(scale), max(1, max(canvas.width, canvas.height) / 800))
    return canvas


def _draw_box(context: Any, box: Box, unit: float) -> None:  # noqa: ANN401
    """Draw a box in the canvas's pixels; ``unit`` of them are one of `FONT`'s and `LINE`'s."""
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
