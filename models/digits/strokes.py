"""Redraws MNIST's digits as visitors draw them on a screen.

Each digit is thinned to its skeleton, which is drawn on a canvas with a round pen of random
thickness, at a random place, size and tilt.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
    distance_transform_edt,
    zoom,
)
from skimage.morphology import skeletonize

import pixels
from inputs import drawing

SIDE = 28
"""Side of the network's input in pixels, as in MNIST."""

CANVAS = 308
"""Side of the page's canvas in pixels."""

_FINER = 4
"""Enlargement of a digit before it is thinned, which smooths its skeleton."""


@dataclass(frozen=True)
class PenRanges:
    """Ranges of the uniform random parameters of a drawing.

    Attributes:
        thickness: Stroke width in pixels of the canvas.
        size: Longer side of the drawing, pen included, as a share of the canvas.
        tilt: Largest rotation either way, in degrees.
    """

    thickness: tuple[float, float] = (8, 28)
    size: tuple[float, float] = (0.4, 0.9)
    tilt: float = 12


def skeleton(image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return closely spaced points ``(N, 2)`` (x, y) on the skeleton of a digit.

    Args:
        image: ``(28, 28) uint8``, 255 being ink.
    """
    ink = zoom(image.astype(np.float32), _FINER, order=1) > image.max() * 0.4
    line = skeletonize(ink)  # type: ignore[no-untyped-call,unused-ignore]
    return np.argwhere(_with_midpoints(line))[:, ::-1].astype(np.float64)


def _with_midpoints(line: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a grid twice as fine, with the points half-way between neighbours added."""
    fine = np.zeros((2 * line.shape[0] - 1, 2 * line.shape[1] - 1), bool)
    fine[::2, ::2] = line
    fine[1::2, ::2] = line[1:] & line[:-1]
    fine[::2, 1::2] = line[:, 1:] & line[:, :-1]
    fine[1::2, 1::2] = (line[1:, 1:] & line[:-1, :-1]) | (line[1:, :-1] & line[:-1, 1:])
    return fine


def draw(
    points: NDArray[np.float64], pen: PenRanges, random: np.random.Generator
) -> NDArray[np.uint8]:
    """Draw a skeleton's points as strokes.

    Returns:
        ``(308, 308, 4) uint8``: black ink in the alpha channel, with soft edges.
    """
    thickness = random.uniform(*pen.thickness)
    side = random.uniform(*pen.size) * CANVAS - thickness
    angle = np.radians(random.uniform(-pen.tilt, pen.tilt))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = points @ turn
    turned -= turned.min(axis=0)
    placed = turned * (side / max(turned.max(), 1))
    room = CANVAS - 1 - thickness - placed.max(axis=0)
    return _stroke(placed + thickness / 2 + random.uniform(0, 1, 2) * room, thickness)


def _stroke(points: NDArray[np.float64], thickness: float) -> NDArray[np.uint8]:
    """Draw every point with a round pen; they are dense enough to form lines."""
    empty = np.ones((CANVAS, CANVAS), bool)
    x, y = points.round().astype(int).T
    empty[y, x] = False
    reach = ceil(thickness / 2) + 1
    box = (
        slice(max(0, y.min() - reach), y.max() + reach + 1),
        slice(max(0, x.min() - reach), x.max() + reach + 1),
    )
    canvas = np.zeros((CANVAS, CANVAS, 4), np.uint8)
    distance = distance_transform_edt(empty[box])
    canvas[*box, 3] = np.clip(thickness / 2 + 0.5 - distance, 0, 1) * 255
    return canvas


def redraw(
    images: NDArray[np.uint8], pen: PenRanges, seed: int, progress: Callable[[int], None]
) -> NDArray[np.uint8]:
    """Redraw each digit once, and prepare the drawings for the network.

    Args:
        images: ``(N, 28, 28) uint8``, 255 being ink.
        pen: Ranges of the drawing parameters.
        seed: Seed; the drawings do not depend on the number of processors.
        progress: Called with the number of digits done so far.

    Returns:
        ``(N, 28, 28) uint8``: the network's inputs times 255; see `inputs.drawing.normalized`.
    """
    chunks = np.array_split(images, ceil(len(images) / 500))
    seeds = np.random.SeedSequence(seed).spawn(len(chunks))
    drawn: list[NDArray[np.uint8]] = []
    with ProcessPoolExecutor() as pool:
        for chunk in pool.map(partial(_redraw_chunk, pen), chunks, seeds):
            drawn.append(chunk)
            progress(sum(map(len, drawn)))
    return np.concatenate(drawn)


def _redraw_chunk(
    pen: PenRanges, images: NDArray[np.uint8], seed: np.random.SeedSequence
) -> NDArray[np.uint8]:
    random = np.random.default_rng(seed)
    canvases = (draw(skeleton(image), pen, random) for image in images)
    prepared = np.stack([drawing.normalized(pixels.ink(each), SIDE) for each in canvases])
    return (prepared * 255).round().astype(np.uint8)
