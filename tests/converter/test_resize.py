"""Resizing, compared with Pillow, which Pyodide lacks."""

import numpy as np
import pytest
from PIL import Image

import pixels


@pytest.mark.parametrize("old", [(72, 128), (50, 40), (3, 2), (1, 1)])
@pytest.mark.parametrize("new", [(22, 24), (60, 61), (1, 1)])
def test_resize_is_pillow_s_bilinear(old: tuple[int, int], new: tuple[int, int]) -> None:
    image = np.random.default_rng(0).integers(0, 256, (*old, 1), np.uint8)
    floats = Image.fromarray(image[..., 0].astype(np.float32))
    expected = np.asarray(floats.resize(new[::-1], Image.Resampling.BILINEAR))
    np.testing.assert_allclose(pixels.resize(image, new)[..., 0], expected, atol=1e-3)
