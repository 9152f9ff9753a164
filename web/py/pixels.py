"""Images as arrays: reduce, resize, place.

Photographs are ``(H, W, C)``, uint8 or float32. Drawings are ``(H, W) float32``; 0 is paper, 1 is
full ink. Functions return new arrays and do not change their arguments.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.float32]

LUMA = np.array([0.299, 0.587, 0.114], np.float32) / np.float32(255)
"""Weights of 8-bit RGB for luma in 0..1: ITU-R BT.601, section 2.5.1."""

FAINT = np.float32(0.2)
"""Share of the strongest ink, and of full contrast, below which pixels count as paper."""


def resize(image: NDArray[Any], shape: tuple[int, int]) -> NDArray[np.float32]:
    """Resize a photograph with an antialiased triangle filter.

    The filter is as wide as two new pixels, or two old ones if the image is enlarged, like Pillow's
    ``BILINEAR``, computed in float32.

    Args:
        image: ``(H, W, C)``, uint8 or float32, with at least one pixel.
        shape: New height and width, each at least 1.

    Returns:
        ``(height, width, C) float32``, within the range of ``image``.

    Raises:
        ValueError: If the array has another shape, or it or ``shape`` is empty.
    """
    if image.ndim != 3 or min(*image.shape[:2], *shape) < 1:
        raise ValueError(f"image: expected (H, W, C) to resize to {shape}, got {image.shape}")
    values = np.ascontiguousarray(image, np.float32)
    return _turn(_interpolate(_turn(_interpolate(values, shape[0])), shape[1]))


def _interpolate(image: NDArray[np.float32], new: int) -> NDArray[np.float32]:
    """Resize ``(H, ...)`` along its first axis: each new row is a weighted sum of old ones."""
    rows = image.reshape(image.shape[0], -1)
    indices, weights = _triangles(rows.shape[0], new)
    # `einsum` makes one pass over memory, a matrix product two.
    made: NDArray[np.float32] = np.einsum("nt,ntc->nc", weights, rows[indices])
    return made.reshape(new, *image.shape[1:])


def _turn(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Transpose rows and columns by whole pixels, which is faster than by numbers."""
    height, width, channels = image.shape
    whole = image.view(f"V{4 * channels}").reshape(height, width)
    return np.ascontiguousarray(whole.T).view(np.float32).reshape(width, height, channels)


def _triangles(old: int, new: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return indices and weights of the old pixels for each new one; both ``(new, taps)``."""
    scale = old / new
    reach = max(scale, 1.0)
    centres = (np.arange(new)[:, None] + 0.5) * scale
    first = np.floor(centres - reach + 0.5).astype(np.intp)
    indices = first + np.arange(int(np.ceil(2 * reach)))
    weights = np.clip(1 - np.abs(indices + 0.5 - centres) / reach, 0, None)
    weights[(indices < 0) | (indices >= old)] = 0
    weights /= weights.sum(axis=1, keepdims=True)
    return np.clip(indices, 0, old - 1), weights.astype(np.float32)


def ink(rgba: NDArray[np.uint8]) -> Image:
    """Return the ink of a transparent canvas: its alpha channel.

    Args:
        rgba: ``(H, W, 4) uint8 RGBA``, from a canvas's ``getImageData``. Colour, which depends on
            the theme, is ignored.

    Returns:
        ``(H, W) float32`` in 0..1.

    Raises:
        ValueError: If the array has another shape or dtype.
    """
    if rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.dtype != np.uint8:
        raise ValueError(f"rgba: expected (H, W, 4) uint8, got {rgba.shape} {rgba.dtype}")
    return rgba[..., 3] * np.float32(1 / 255)


def ink_on_paper(rgb: NDArray[np.uint8]) -> Image:
    """Return the ink in a picture of a drawing, dark on light or reverse.

    The median of the picture's edge is the lightness of the paper. Differences from it below
    `FAINT` of the strongest ink count as paper.

    Args:
        rgb: ``(H, W, 3) uint8``.

    Returns:
        ``(H, W) float32`` in 0..1; all zeros if there is no ink.

    Raises:
        ValueError: If the array has another shape or dtype.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8:
        raise ValueError(f"rgb: expected (H, W, 3) uint8, got {rgb.shape} {rgb.dtype}")
    light = np.einsum("hwc,c->hw", rgb, LUMA)  # a matrix product would copy `rgb`
    edge = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    paper = np.median(edge)
    ink: Image = np.clip(light - paper if paper < 0.5 else paper - light, 0, None)
    strongest = ink.max()
    if strongest < FAINT:
        return np.zeros_like(ink)
    clear: Image = np.clip((ink / strongest - FAINT) / (1 - FAINT), 0, None)
    return clear


def crop(image: Image) -> Image:
    """Crop an image to the bounding box of its non-zero pixels.

    Returns:
        ``(h, w) float32``; shape ``(0, 0)`` if all pixels are 0.
    """
    rows = np.flatnonzero(image.any(axis=1))
    columns = np.flatnonzero(image.any(axis=0))
    if rows.size == 0:
        return np.zeros((0, 0), np.float32)
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()


def block_max(image: Image, block: int) -> Image:
    """Reduce an image to the maximum of each ``block`` x ``block`` square.

    A maximum, unlike a mean, preserves thin strokes. Outside the lower and right edge pixels are 0.

    Args:
        image: ``(H, W) float32``, not negative.
        block: Side of a block in pixels, at least 1.

    Returns:
        ``(ceil(H / block), ceil(W / block)) float32``.
    """
    height, width = image.shape
    padded = np.pad(image, ((0, -height % block), (0, -width % block)))
    rows, columns = padded.shape[0] // block, padded.shape[1] // block
    # Two reductions over contiguous rows are much faster than one over both axes.
    strips: Image = padded.reshape(rows, block, -1).max(axis=1)
    blocks: Image = strips.reshape(rows, columns, block).max(axis=2)
    return blocks


def resize_area(image: Image, shape: tuple[int, int]) -> Image:
    """Resize an image; each new pixel is the mean of the area it covers.

    Args:
        image: ``(H, W) float32`` with at least one pixel.
        shape: New height and width, each at least 1; may be larger or smaller.

    Returns:
        ``shape float32``, within the range of ``image``.
    """
    down = _coverage(image.shape[0], shape[0])
    across = _coverage(image.shape[1], shape[1])
    resized = down @ image @ across.T
    return resized.astype(np.float32, copy=False)


def _coverage(old: int, new: int) -> Image:
    """Return the share of each old pixel in each new one, ``(new, old)``; rows sum to 1."""
    edges = np.linspace(0, old, new + 1)
    left, right = edges[:-1, None], edges[1:, None]
    pixel = np.arange(old)
    overlap = np.minimum(right, pixel + 1) - np.maximum(left, pixel)
    shares: Image = (np.clip(overlap, 0, None) * (new / old)).astype(np.float32)
    return shares


def centre_by_mass(image: Image, shape: tuple[int, int]) -> Image:
    """Place an image on a larger, empty one, with its centre of mass nearest to the centre.

    It moves by whole pixels, so it is not blurred, and within the edges, so it is not cropped. The
    centre is the pixel ``(H // 2, W // 2)``, as in MNIST.

    Args:
        image: ``(h, w) float32``, not negative and not all 0.
        shape: Height and width of the result, at least ``h`` and ``w``.

    Returns:
        ``shape float32``.

    Raises:
        ValueError: If the image does not fit, or has no mass.
    """
    if image.shape[0] > shape[0] or image.shape[1] > shape[1]:
        raise ValueError(f"image: {image.shape} does not fit into {shape}")
    mass = image.sum()
    if not mass > 0:
        raise ValueError("image: has no mass to centre; test for an empty image first")
    placed = np.zeros(shape, np.float32)
    top = _offset(image.sum(axis=1) / mass, shape[0])
    left = _offset(image.sum(axis=0) / mass, shape[1])
    placed[top : top + image.shape[0], left : left + image.shape[1]] = image
    return placed


def _offset(profile: NDArray[np.float32], length: int) -> int:
    """Return the offset that puts the mean of masses (sum 1) at the middle of a longer line."""
    mean = float(profile @ np.arange(profile.size))
    return int(np.clip(round(length // 2 - mean), 0, length - profile.size))
