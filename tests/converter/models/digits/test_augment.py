import numpy as np

from models.digits import augment


def dot() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    image = np.zeros((28, 28), np.uint8)
    image[10:18, 10:18] = 255
    return image


def test_no_strength_changes_nothing() -> None:
    images = np.stack([dot()] * 3)
    warped = augment.warp(images, np.random.default_rng(0), strength=0)
    assert warped.shape == (3, 28, 28, 1)
    assert warped.dtype == np.float32
    np.testing.assert_allclose(warped[..., 0], images / 255, atol=1e-6)


def test_each_image_is_changed_a_little_and_differently() -> None:
    images = np.stack([dot()] * 200)
    warped = augment.warp(images, np.random.default_rng(0))[..., 0]
    assert warped.min() >= 0
    assert warped.max() <= 1 + 1e-6
    assert (warped[0] != warped[1]).any()
    mass = warped.sum(axis=(1, 2)) / (images[0].sum() / 255)
    assert 0.6 < mass.min() < 0.95
    assert 1.05 < mass.max() < 1.6
    left = warped.sum(axis=1) @ np.arange(28) / warped.sum(axis=(1, 2))
    assert 0.5 < np.abs(left - 13.5).max() < 4


def test_what_lies_outside_is_paper() -> None:
    full = np.full((50, 28, 28), 255, np.uint8)
    warped = augment.warp(full, np.random.default_rng(0))[..., 0]
    assert warped[:, 0, 0].min() == 0
    np.testing.assert_allclose(warped[:, 14, 14], 1, atol=1e-6)
