"""Image augmentation: crops of photographs, rotated, mirrored, and changed in light and blur."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter

Photograph = NDArray[np.uint8]
"""``(H, W, 3) uint8``, RGB."""


def vary(photographs: Sequence[Photograph], count: int, side: int, seed: int) -> list[Photograph]:
    """Return varied crops of the photographs, which are used in rotation.

    Args:
        photographs: Photographs of any size.
        count: Number of pictures.
        side: Their height and width in pixels.
        seed: Seed of the random crops.
    """
    random = np.random.default_rng(seed)
    images = [Image.fromarray(each) for each in photographs]
    return [_varied(images[number % len(images)], side, random) for number in range(count)]


def _varied(image: Image.Image, side: int, random: np.random.Generator) -> Photograph:
    """Cut 50 to 100 % of the shorter side out of an image, and change light, colour and focus."""
    angle = random.uniform(-10, 10)
    cut = image.rotate(angle, Image.Resampling.BILINEAR).crop(_box(image.size, random))
    cut = cut.resize((side, side), Image.Resampling.BILINEAR)
    if random.random() < 0.5:
        cut = cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for change in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        cut = change(cut).enhance(random.uniform(0.7, 1.3))
    if random.random() < 0.25:
        cut = cut.filter(ImageFilter.GaussianBlur(random.uniform(0.5, 1.5)))
    return np.asarray(cut)


def _box(size: tuple[int, int], random: np.random.Generator) -> tuple[int, int, int, int]:
    """Return a random square within an image: left, upper, right, lower in pixels."""
    length = int(min(size) * random.uniform(0.5, 1))
    left, upper = (int(random.integers(0, each - length + 1)) for each in size)
    return left, upper, left + length, upper + length
