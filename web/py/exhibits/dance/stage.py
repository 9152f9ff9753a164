"""The stage of the dance booth: the dancer on one half, the partner on the other."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exhibits.dance.body import JOINTS
from exhibits.dance.styles import Style
from host import screen
from host.page import Element

HEIGHT = 540
"""Height of each half, in pixels."""

BESIDE, ABOVE = 480, 720
"""Width of each half, in pixels: side by side, and stacked."""

TALL = 0.62
"""Height of a figure as a share of the stage's height."""

_LIMBS = (
    ("left hip", "left knee", "left ankle"),
    ("right hip", "right knee", "right ankle"),
    ("left shoulder", "left elbow", "left wrist"),
    ("right shoulder", "right elbow", "right wrist"),
)
_TRUNK = ("left shoulder", "right shoulder", "right hip", "left hip")


class Stage:
    """The canvas with dancer and partner; recordings have its resolution."""

    def __init__(self, canvas: Element) -> None:
        self._canvas = canvas
        self._context: Any = canvas.getContext("2d")
        self._half = 0
        self.arrange()

    def arrange(self) -> None:
        """Lay out the halves side by side, or stacked on an upright screen."""
        half = ABOVE if screen.is_upright() else BESIDE
        if half == self._half:
            return
        self._half = half
        self._partner = (0, HEIGHT) if half == ABOVE else (half, 0)
        self._canvas.width, self._canvas.height = half + self._partner[0], HEIGHT + self._partner[1]

    def draw(
        self, video: Element, mirrored: bool, joints: NDArray[np.float64], style: Style
    ) -> None:
        """Draw one frame.

        Args:
            video: Video of the dancer; cropped to its centre.
            mirrored: Whether the video is mirrored.
            joints: Joints of the partner; see `exhibits.dance.styles.retargeted`.
            style: Style of the partner.
        """
        self._draw_dancer(video, mirrored)
        self._draw_partner(self._partner, joints, style)

    def draw_show(self, figures: Sequence[tuple[NDArray[np.float64], Style]]) -> None:
        """Draw two figures, given by joints and style, one on each half."""
        for corner, (joints, style) in zip(((0, 0), self._partner), figures, strict=True):
            self._draw_partner(corner, joints, style)

    def clear(self) -> None:
        """Clear the canvas."""
        self._context.clearRect(0, 0, self._canvas.width, self._canvas.height)

    @contextmanager
    def _kept(self) -> Iterator[None]:
        """Save the canvas state, and restore it on exit."""
        self._context.save()
        yield
        self._context.restore()

    def _draw_partner(
        self, corner: tuple[int, int], joints: NDArray[np.float64], style: Style
    ) -> None:
        with self._kept():
            self._context.translate(*corner)
            self._draw_ground(style)
            self._draw_figure(joints, style)

    def _draw_figure(self, joints: NDArray[np.float64], style: Style) -> None:
        places = np.array([self._half / 2, 0.56 * HEIGHT]) + joints * (TALL * HEIGHT)
        at = dict(zip(JOINTS, places.tolist(), strict=True))
        thick = style.limb * TALL * HEIGHT
        body, left, right, _ = style.colours
        for limb in _LIMBS:
            self._draw_limb(
                [at[name] for name in limb], thick, left if "left" in limb[0] else right
            )
        self._draw_trunk([at[name] for name in _TRUNK], thick, body)
        self._draw_limb([at["neck"], at["head"]], thick, body)
        self._draw_head(at["head"], style.head * TALL * HEIGHT, style)

    def tell(self, text: str, share: float = 0.0) -> None:
        """Draw a large text in the centre, in a ring closed by ``share``, 0..1."""
        context = self._context
        middle = (self._canvas.width / 2, self._canvas.height / 2)
        self._draw_disc(middle, 0.2 * HEIGHT, "rgb(0 0 0 / 55%)")
        context.fillStyle = context.strokeStyle = "#ffffff"
        context.font = f"700 {0.22 * HEIGHT}px system-ui, sans-serif"
        context.textAlign, context.textBaseline = "center", "middle"
        context.fillText(text, *middle)
        context.lineWidth = 0.015 * HEIGHT
        context.beginPath()
        context.arc(*middle, 0.18 * HEIGHT, -math.pi / 2, (2 * share - 0.5) * math.pi)
        context.stroke()

    def _draw_dancer(self, video: Element, mirrored: bool) -> None:
        half, width, height = self._half, video.videoWidth, video.videoHeight
        shown = min(width, height * half / HEIGHT)
        tall = shown * HEIGHT / half
        corner = ((width - shown) / 2, (height - tall) / 2)
        with self._kept():
            if mirrored:
                self._context.translate(half, 0)
                self._context.scale(-1, 1)
            self._context.drawImage(video, *corner, shown, tall, 0, 0, half, HEIGHT)

    def _draw_ground(self, style: Style) -> None:
        context = self._context
        context.fillStyle = style.colours[3]
        context.fillRect(0, 0, self._half, HEIGHT)
        context.fillStyle = "rgb(0 0 0 / 30%)"
        context.beginPath()
        context.ellipse(self._half / 2, 0.885 * HEIGHT, 0.22 * HEIGHT, 0.03 * HEIGHT, 0, 0, 7)
        context.fill()

    def _draw_limb(self, places: Sequence[Sequence[float]], thick: float, colour: str) -> None:
        context = self._context
        context.strokeStyle, context.lineWidth = colour, thick
        context.lineCap = context.lineJoin = "round"
        context.beginPath()
        for place in places:
            context.lineTo(*place)
        context.stroke()

    def _draw_trunk(self, corners: Sequence[Sequence[float]], thick: float, colour: str) -> None:
        self._draw_limb([*corners, corners[0]], thick, colour)
        self._context.fillStyle = colour
        self._context.fill()

    def _draw_head(self, place: Sequence[float], radius: float, style: Style) -> None:
        x, y = place
        body, left, right, ground = style.colours
        for side, colour in ((1, left), (-1, right)):
            self._draw_disc((x + side * 0.75 * radius, y - 0.75 * radius), 0.3 * radius, colour)
        self._draw_disc(place, radius, body)
        for side in (1, -1):
            self._draw_disc((x + side * 0.35 * radius, y), 0.16 * radius, ground)

    def _draw_disc(self, place: Sequence[float], radius: float, colour: str) -> None:
        self._context.fillStyle = colour
        self._context.beginPath()
        self._context.arc(*place, radius, 0, 2 * math.pi)
        self._context.fill()
