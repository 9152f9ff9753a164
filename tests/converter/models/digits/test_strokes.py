import numpy as np
import pytest
from numpy.typing import NDArray

from converter import bundle
from inputs import drawing
from models.digits import strokes
from models.digits.strokes import PenRanges
from tests.converter.models.photographs import ROOT


def one() -> NDArray[np.uint8]:
    """A thick vertical bar in MNIST's format."""
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 12:16] = 255
    return image


def drawn(pen: PenRanges, seed: int = 0) -> NDArray[np.bool_]:
    canvas = strokes.draw(strokes.skeleton(one()), pen, np.random.default_rng(seed))
    assert canvas.shape == (308, 308, 4)
    assert not canvas[..., :3].any()
    ink: NDArray[np.bool_] = canvas[..., 3] > 127
    return ink


def test_the_skeleton_of_a_bar_is_a_line() -> None:
    points = strokes.skeleton(one())
    middle = points[len(points) // 4 : -len(points) // 4]
    assert np.ptp(middle[:, 0]) <= 2
    assert np.ptp(points[:, 1]) > 100


@pytest.mark.parametrize("thickness", [8, 17, 28])
def test_strokes_are_as_thick_as_the_pen(thickness: int) -> None:
    ink = drawn(PenRanges((thickness, thickness), (0.8, 0.8), tilt=0))
    across = ink[np.flatnonzero(ink.any(axis=1))[100:150]].sum(axis=1)
    assert np.abs(across - thickness).max() <= 2.5


@pytest.mark.parametrize("size", [0.4, 0.65, 0.9])
def test_drawings_are_as_long_as_asked(size: float) -> None:
    rows = np.flatnonzero(drawn(PenRanges((12, 12), (size, size), tilt=12)).any(axis=1))
    assert np.ptp(rows) + 1 == pytest.approx(size * 308, abs=2)


def test_drawings_are_somewhere_on_the_canvas_and_whole() -> None:
    lefts = set()
    for seed in range(20):
        ink = drawn(PenRanges(), seed)
        columns = np.flatnonzero(ink.any(axis=0))
        lefts.add(int(columns[0]))
        assert not ink[[0, -1]].all(axis=1).any()
        assert 8 - 2 <= np.ptp(columns) + 1 <= 0.9 * 308
    assert len(lefts) > 10


def test_the_same_seed_draws_the_same() -> None:
    images = np.stack([one(), one(), one()])
    done: list[int] = []
    first = strokes.redraw(images, PenRanges(), 5, done.append)
    assert done == [3]
    assert first.shape == (3, 28, 28)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(strokes.redraw(images, PenRanges(), 5, done.append), first)
    assert (first != strokes.redraw(images, PenRanges(), 6, done.append)).any()


def test_drawings_are_prepared_as_those_of_visitors() -> None:
    card, _ = bundle.load(ROOT / "models" / "digits")
    (made,) = strokes.redraw(one()[np.newaxis], PenRanges(), 5, lambda _: None)
    random = np.random.default_rng(np.random.SeedSequence(5).spawn(1)[0])
    canvas = strokes.draw(strokes.skeleton(one()), PenRanges(), random)
    prepared = drawing.prepare(canvas, card)["image"][0, :, :, 0]
    np.testing.assert_array_equal(made, np.round(prepared * 255).astype(np.uint8))
