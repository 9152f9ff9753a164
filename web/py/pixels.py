"""Images as arrays: reduce, resize, place.

Photographs are ``(H, W, C)``, uint8 or float32. Drawings are ``(H, W) float32``; 0 is paper, 1 is
full ink. Functions return new arrays and leave their arguments alone.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Image: TypeAlias = NDArray[np.float32]

LUMA = np.array([0.299, 0.587, 0.114], np.float32) / np.float32(255)
"""How light each of RGB is in 0..1: the weights of ITU-R BT.601, section 2.5.1, over 8 bits."""

FAINT = np.float32(0.2)
"""Share of the strongest ink, and of full contrast, below which there is only paper."""


def resize(image: NDArray[Any], shape: tuple[int, int]) -> NDArray[np.float32]:
    """Resize a photograph: linear interpolation, averaged over what a new pixel covers.

    Each new pixel weighs the old ones by a triangle around its own centre, which is as wide as two
    new pixels (where the image is enlarged: two old ones). It is what Pillow calls ``BILINEAR``,
    in float32 throughout.

    Args:
        image: ``(H, W, C)``, uint8 or float32, with at least one pixel.
        shape: New height and width, each at least 1.

    Returns:
        ``(height, width, C) float32``, within the range of ``image``.

    Raises:
        ValueError: If the array has another shape, or there is no pixel in it or in ``shape``.
    """
    if image.ndim != 3 or min(*image.shape[:2], *shape) < 1:
        raise ValueError(f"image: expected (H, W, C) to resize to {shape}, got {image.shape}")
    values = np.ascontiguousarray(image, np.float32)
    return _turn(_interpolate(_turn(_interpolate(values, shape[0])), shape[1]))


def _interpolate(image: NDArray[np.float32], new: int) -> NDArray[np.float32]:
    """Resize ``(H, ...)`` along its first axis: a few whole rows make each new one."""
    rows = image.reshape(image.shape[0], -1)
    indices, weights = _triangles(rows.shape[0], new)
    # `einsum` adds up in its own loops: one pass over memory, where a matrix product takes two.
    made: NDArray[np.float32] = np.einsum("nt,ntc->nc", weights, rows[indices])
    return made.reshape(new, *image.shape[1:])


def _turn(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Make rows of columns: whole pixels are moved, which is quicker than number by number."""
    height, width, channels = image.shape
    whole = image.view(f"V{4 * channels}").reshape(height, width)
    return np.ascontiguousarray(whole.T).view(np.float32).reshape(width, height, channels)


def _triangles(old: int, new: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return which old pixels each new one takes, and how much of each; both ``(new, taps)``."""
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
    """Take the ink of a transparent canvas from its alpha channel.

    Args:
        rgba: ``(H, W, 4) uint8``, as a canvas's ``getImageData`` gives it. Colour is ignored, so
            that it makes no difference in which theme something was drawn.

    Returns:
        ``(H, W) float32`` in 0..1.

    Raises:
        ValueError: If the array has another shape or dtype.
    """
    if rgba.ndim != 3 or rgba.shape[2] != 4 or rgba.dtype != np.uint8:
        raise ValueError(f"rgba: expected (H, W, 4) uint8, got {rgba.shape} {rgba.dtype}")
    return rgba[..., 3] * np.float32(1 / 255)


def ink_on_paper(rgb: NDArray[np.uint8]) -> Image:
    """Take what is drawn in a picture: what stands out from its paper, dark on light or reverse.

    The paper is as light as most of the picture's edge is. What differs from it by less than
    `FAINT` of the strongest ink is taken for paper too.

    Args:
        rgb: ``(H, W, 3) uint8``.

    Returns:
        ``(H, W) float32`` in 0..1; all zeros if nothing stands out.

    Raises:
        ValueError: If the array has another shape or dtype.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8:
        raise ValueError(f"rgb: expected (H, W, 3) uint8, got {rgb.shape} {rgb.dtype}")
    light = np.einsum("hwc,c->hw", rgb, LUMA)  # a product of matrices would copy all of `rgb`
    edge = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    paper = np.median(edge)
    ink: Image = np.clip(light - paper if paper < 0.5 else paper - light, 0, None)
    strongest = ink.max()
    if strongest < FAINT:
        return np.zeros_like(ink)
    clear: Image = np.clip((ink / strongest - FAINT) / (1 - FAINT), 0, None)
    return clear


def crop(image: Image) -> Image:
    """Cut an image down to the smallest box that holds all that is not 0.

    Returns:
        ``(h, w) float32``; ``(0, 0)`` if there is nothing in the image.
    """
    rows = np.flatnonzero(image.any(axis=1))
    columns = np.flatnonzero(image.any(axis=0))
    if rows.size == 0:
        return np.zeros((0, 0), np.float32)
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].copy()


def block_max(image: Image, block: int) -> Image:
    """Reduce an image to the maximum of each ``block`` x ``block`` square.

    Averaging would turn a thin stroke grey; a maximum keeps it. Blocks that stand over the lower
    and right edge count the outside as 0.

    Args:
        image: ``(H, W) float32``, not negative.
        block: Side of a block in pixels, at least 1.

    Returns:
        ``(ceil(H / block), ceil(W / block)) float32``.
    """
    height, width = image.shape
    padded = np.pad(image, ((0, -height % block), (0, -width % block)))
    rows, columns = padded.shape[0] // block, padded.shape[1] // block
    # Two small reductions over contiguous rows are far quicker than one over both axes.
    strips: Image = padded.reshape(rows, block, -1).max(axis=1)
    blocks: Image = strips.reshape(rows, columns, block).max(axis=2)
    return blocks


def resize_area(image: Image, shape: tuple[int, int]) -> Image:
    """Resize an image so that each new pixel is the mean of the area that it covers.

    Args:
        image: ``(H, W) float32`` with at least one pixel.
        shape: New height and width, each at least 1; larger or smaller than before.

    Returns:
        ``shape float32``, within the range of ``image``.
    """
    down = _coverage(image.shape[0], shape[0])
    across = _coverage(image.shape[1], shape[1])
    resized = down @ image @ across.T
    return resized.astype(np.float32, copy=False)


def _coverage(old: int, new: int) -> Image:
    """Return ``(new, old)``: the share that each old pixel has in each new one; rows sum to 1."""
    edges = np.linspace(0, old, new + 1)
    left, right = edges[:-1, None], edges[1:, None]
    pixel = np.arange(old)
    overlap = np.minimum(right, pixel + 1) - np.maximum(left, pixel)
    shares: Image = (np.clip(overlap, 0, None) * (new / old)).astype(np.float32)
    return shares


def centre_by_mass(image: Image, shape: tuple[int, int]) -> Image:
    """Place an image on a larger, empty one, with its centre of mass as near the centre as it goes.

    It moves by whole pixels, so nothing is blurred, and never over an edge, so nothing is lost.
    The centre is the pixel ``(H // 2, W // 2)``: that is where MNIST's digits have theirs.

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
    """Return where a line of masses (sum 1) starts on a longer one to have its mean at mid-way."""
    mean = float(profile @ np.arange(profile.size))
    return int(np.clip(round(length // 2 - mean), 0, length - profile.size))
