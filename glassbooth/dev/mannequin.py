"""Drawings of a person whose keypoints a network finds, for a fake camera."""

import io
import math
from collections.abc import Callable, Iterator
from functools import cache

from PIL import Image, ImageDraw

SIZE = (480, 360)
RATE = 30
"""Frames per second at which Chromium's fake camera plays the film."""

SKIN, HAIR, SHIRT, TROUSERS, SHOES = "#e0ac8c", "#3c2819", "#2846a0", "#32323c", "#141414"
WALL, FLOOR, EYE, MOUTH = "#cdcdc8", "#968c7d", "#1e1e1e", "#aa4646"
_SCALE = 2
_TALL = 245 * _SCALE

Arms = tuple[tuple[float, float], tuple[float, float]]
"""Left and right; angles of upper arm and forearm in degrees, from hanging down outward."""
Place = tuple[float, float]

DOWN: Arms = ((10, 6), (10, 6))
UP: Arms = ((165, 185), (165, 185))


def film(seconds_of_dance: int) -> bytes:
    """Return a film of concatenated JPEGs: arms down, both hands up, then both arms swing."""
    return b"".join(picture(arms) for arms in _script(seconds_of_dance))


def _script(seconds_of_dance: int) -> Iterator[Arms]:
    yield from [DOWN] * (2 * RATE)
    yield from [UP] * (2 * RATE)
    for i in range(seconds_of_dance * RATE):
        angle = round(75 - 60 * math.cos(2 * math.pi * i / RATE))
        yield (angle, angle), (angle, angle)


@cache
def picture(arms: Arms) -> bytes:
    """Return a JPEG of a person with this arm position."""
    return _drawn(lambda drawing: drawing.draw(arms))


@cache
def room() -> bytes:
    """Return a JPEG of the empty room."""
    return _drawn(Drawing.draw_room)


def _drawn(draw: Callable[["Drawing"], None]) -> bytes:
    image = Image.new("RGB", (SIZE[0] * _SCALE, SIZE[1] * _SCALE), WALL)
    draw(Drawing(ImageDraw.Draw(image)))
    file = io.BytesIO()
    image.resize(SIZE).save(file, "JPEG", quality=85)
    return file.getvalue()


class Drawing:
    """Draws a person in the middle; coordinates are in body heights from the hip centre."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self._draw = draw

    def draw_room(self) -> None:
        """Draw the floor."""
        self._draw.rectangle((0, 0.86 * 720, 960, 720), fill=FLOOR)

    def draw(self, arms: Arms) -> None:
        """Draw the person in the room."""
        self.draw_room()
        for side in (1, -1):
            self._limb([(side * 0.07, 0), (side * 0.085, 0.245)], 0.105, TROUSERS)
            self._limb([(side * 0.085, 0.245), (side * 0.09, 0.49)], 0.075, TROUSERS)
            self._limb([(side * 0.09, 0.49), (side * 0.12, 0.51)], 0.05, SHOES)
        trunk = [(-0.125, -0.288), (0.125, -0.288), (0.1, 0.03), (-0.1, 0.03)]
        self._draw.polygon([self._at(*corner) for corner in trunk], fill=SHIRT)
        self._limb([(-0.1, -0.273), (0.1, -0.273)], 0.07, SHIRT)
        self._limb([(0, -0.288), (0, -0.348)], 0.06, SKIN)
        self._head()
        for side, angles in zip((1, -1), arms, strict=True):
            self._arm(side, *angles)

    def _head(self) -> None:
        self._disc(0, -0.428, 0.058, 0.055, HAIR)
        self._disc(0, -0.398, 0.05, 0.065, SKIN)
        for side in (1, -1):
            self._disc(side * 0.02, -0.407, 0.008, 0.008, EYE)
            self._disc(side * 0.052, -0.395, 0.01, 0.018, SKIN)
        self._disc(0, -0.385, 0.007, 0.012, "#be8769")
        self._disc(0, -0.361, 0.018, 0.004, MOUTH)

    def _arm(self, side: int, upper: float, fore: float) -> None:
        shoulder = (side * 0.125, -0.268)
        elbow = _from(shoulder, side, upper, 0.186)
        wrist = _from(elbow, side, fore, 0.146)
        self._limb([shoulder, elbow], 0.065, SHIRT)
        self._limb([elbow, wrist], 0.05, SKIN)
        self._limb([wrist, _from(wrist, side, fore, 0.03)], 0.055, SKIN)

    def _limb(self, places: list[Place], thick: float, colour: str) -> None:
        points = [self._at(*place) for place in places]
        self._draw.line(points, fill=colour, width=round(thick * _TALL))
        for x, y in places:
            self._disc(x, y, thick / 2, thick / 2, colour)

    def _disc(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        corners = (*self._at(x - wide, y - high), *self._at(x + wide, y + high))
        self._draw.ellipse(corners, fill=colour)

    @staticmethod
    def _at(x: float, y: float) -> Place:
        return 480 + x * _TALL, 0.93 * 720 - 0.52 * _TALL + y * _TALL


def _from(place: Place, side: int, angle: float, length: float) -> Place:
    turned = math.radians(angle)
    return place[0] + side * length * math.sin(turned), place[1] + length * math.cos(turned)
