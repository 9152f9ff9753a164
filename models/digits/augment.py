"""Random distortions of prepared digits, different in every epoch."""

import numpy as np
from numpy.typing import NDArray

SIDE = 28
_KNOTS = 5
"""Random points per side of the elastic displacement, which is interpolated between them."""


def warp(
    images: NDArray[np.uint8], random: np.random.Generator, strength: float = 1.0
) -> NDArray[np.float32]:
    """Rotate, scale, shear, shift and bend each image a little.

    Args:
        images: ``(N, 28, 28) uint8``, 255 being ink.
        random: Random generator.
        strength: Factor on all changes; 0 leaves the images unchanged.

    Returns:
        ``(N, 28, 28, 1) float32`` in 0..1.
    """
    x, y = _sources(len(images), random, strength)
    left, top = np.floor(x), np.floor(y)
    right, below = x - left, y - top
    padded = np.pad(images, ((0, 0), (1, 2), (1, 2))).reshape(len(images), -1)
    wide = SIDE + 3
    corner = ((top + 1) * wide + left + 1).astype(np.int32).reshape(len(images), -1)
    corners = [np.take_along_axis(padded, corner + shift, 1) for shift in (0, 1, wide, wide + 1)]
    a, b, c, d = (each.reshape(x.shape).astype(np.float32) for each in corners)
    upper, lower = a + (b - a) * right, c + (d - c) * right
    mixed: NDArray[np.float32] = (upper + (lower - upper) * below) * np.float32(1 / 255)
    return mixed[..., None]


def _sources(
    count: int, random: np.random.Generator, strength: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the source of each pixel: x and y, each ``(count, 28, 28)`` in -1..28."""
    span = np.arange(SIDE, dtype=np.float32) - (SIDE - 1) / 2
    y, x = np.meshgrid(span, span, indexing="ij")

    def draw(scale: float, *shape: int) -> NDArray[np.float32]:
        amount = random.uniform(-scale, scale, (count, *shape)) * strength
        return amount.astype(np.float32)

    angle, shear = draw(np.radians(12), 1, 1), draw(0.15, 1, 1)
    wide, high = np.exp(draw(0.15, 1, 1)), np.exp(draw(0.12, 1, 1))
    cos, sin = np.cos(angle), np.sin(angle)
    smooth = _smoothing()
    bend_x, bend_y = (smooth @ draw(1.2, _KNOTS, _KNOTS) @ smooth.T for _ in range(2))
    turned_x = (cos * x - sin * y) * wide + shear * y + bend_x + draw(1.2, 1, 1)
    turned_y = (sin * x + cos * y) * high + bend_y + draw(1.2, 1, 1)
    centre = (SIDE - 1) / 2
    return np.clip(turned_x + centre, -1, SIDE), np.clip(turned_y + centre, -1, SIDE)


def _smoothing() -> NDArray[np.float32]:
    """Return interpolation weights ``(28, knots)`` of the knots for each pixel; rows sum to 1."""
    knots = np.linspace(0, SIDE - 1, _KNOTS)
    near = np.exp(-0.5 * ((np.arange(SIDE)[:, None] - knots) / (knots[1] / 2)) ** 2)
    shares: NDArray[np.float32] = (near / near.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares
