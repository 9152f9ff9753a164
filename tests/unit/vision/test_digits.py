import numpy as np
import pytest
from numpy.typing import NDArray

from vision import digits


def canvas(height: int = 308, width: int = 308) -> NDArray[np.uint8]:
    return np.zeros((height, width, 4), np.uint8)


def centre_of_mass(image: NDArray[np.float32]) -> tuple[float, float]:
    plane = image[0, :, :, 0] / image.sum()
    where = np.arange(digits.SIDE)
    return float(plane.sum(axis=1) @ where), float(plane.sum(axis=0) @ where)


def test_nothing_drawn_is_all_zeros() -> None:
    prepared = digits.prepare(canvas())
    assert prepared.shape == (1, 28, 28, 1)
    assert prepared.dtype == np.float32
    assert not prepared.any()


def test_a_block_becomes_twenty_by_ten_in_the_middle() -> None:
    drawing = canvas()
    drawing[40:240, 30:130, 3] = 255
    expected = np.zeros((28, 28), np.float32)
    expected[4:24, 9:19] = 1
    np.testing.assert_allclose(digits.prepare(drawing)[0, :, :, 0], expected, atol=1e-6)


def test_a_wide_drawing_is_normalised_by_its_width() -> None:
    drawing = canvas(100, 400)
    drawing[10:50, 100:300, 3] = 255
    ink = digits.prepare(drawing)[0, :, :, 0] > 0
    assert (ink.any(axis=1).sum(), ink.any(axis=0).sum()) == (4, 20)


@pytest.mark.parametrize("corner", [(0, 0), (0, 307), (307, 0), (307, 307)])
def test_a_single_dot_fills_the_box_wherever_it_is(corner: tuple[int, int]) -> None:
    drawing = canvas()
    drawing[*corner, 3] = 1
    expected = np.zeros((28, 28), np.float32)
    expected[4:24, 4:24] = 1
    np.testing.assert_allclose(digits.prepare(drawing)[0, :, :, 0], expected, atol=1e-6)


def test_a_hair_thin_line_stays_black_and_one_pixel_wide() -> None:
    drawing = canvas()
    drawing[:, 200, 3] = 255
    plane = digits.prepare(drawing)[0, :, :, 0]
    assert plane.max() == 1
    np.testing.assert_array_equal(np.flatnonzero(plane.any(axis=0)), [14])
    np.testing.assert_allclose(plane[4:24, 14], 1, atol=1e-6)


def test_ink_that_touches_every_border_is_kept() -> None:
    drawing = canvas()
    drawing[[0, -1], :, 3] = 255
    drawing[:, [0, -1], 3] = 255
    plane = digits.prepare(drawing)[0, :, :, 0]
    assert plane[4, 4:24].min() > 0
    assert plane[4:24, 23].min() > 0
    assert not plane[6:22, 6:22].any()


@pytest.mark.parametrize("pen", [1, 60, 255])
def test_the_strength_of_the_pen_makes_no_difference(pen: int) -> None:
    drawing = canvas()
    drawing[50:250, 100:120, 3] = 255
    drawing[230:250, 100:200, 3] = 255
    faint = drawing.copy()
    faint[..., 3] = (drawing[..., 3] > 0) * pen
    np.testing.assert_allclose(digits.prepare(faint), digits.prepare(drawing), atol=1e-6)


@pytest.mark.parametrize(("down", "right"), [(0, 0), (50, 7), (108, 188)])
def test_the_place_makes_no_difference(down: int, right: int) -> None:
    drawing = canvas()
    drawing[:200, 40:60, 3] = 255
    drawing[:20, :120, 3] = 255
    moved = canvas()
    moved[down:, right:] = drawing[: 308 - down, : 308 - right]
    np.testing.assert_array_equal(digits.prepare(moved), digits.prepare(drawing))


def test_a_small_drawing_keeps_its_detail() -> None:
    drawing = canvas()
    drawing[100:140, 100:120, 3] = 255
    drawing[108:132, 106:114, 3] = 0
    plane = digits.prepare(drawing)[0, :, :, 0]
    assert not plane[8:20, 12:16].any()
    assert plane[4:24, 9:12].min() > 0.99


def test_colour_makes_no_difference() -> None:
    drawing = canvas()
    drawing[50:250, 100:120, 3] = 255
    coloured = drawing.copy()
    coloured[..., :3] = 200
    np.testing.assert_array_equal(digits.prepare(coloured), digits.prepare(drawing))


def test_the_centre_of_mass_is_within_half_a_pixel_of_the_centre() -> None:
    drawing = canvas()
    drawing[20:290, 100:120, 3] = 255
    drawing[20:60, 100:200, 3] = 255
    assert np.abs(np.subtract(centre_of_mass(digits.prepare(drawing)), 14)).max() <= 0.5


def test_prepare_takes_only_rgba() -> None:
    with pytest.raises(ValueError, match=r"expected \(H, W, 4\) uint8, got \(308, 308, 3\) uint8"):
        digits.prepare(np.zeros((308, 308, 3), np.uint8))


def test_read_names_the_most_probable_digit() -> None:
    output = np.array([[0, 0, 0.125, 0, 0, 0, 0, 0.875, 0, 0]], np.float32)
    answer = digits.read(output)
    assert answer == digits.Answer(7, 0.875, (0, 0, 0.125, 0, 0, 0, 0, 0.875, 0, 0))


@pytest.mark.parametrize("shape", [(10,), (1, 9), (2, 10)])
def test_read_refuses_other_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected shape \(1, 10\), got"):
        digits.read(np.zeros(shape, np.float32))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_read_refuses_what_is_not_finite(bad: float) -> None:
    output = np.full((1, 10), 0.1, np.float32)
    output[0, 3] = bad
    with pytest.raises(ValueError, match="expected finite numbers"):
        digits.read(output)


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (0, 255), (230, 60)])
def test_a_picture_is_prepared_as_the_same_drawing_is(paper: int, ink: int) -> None:
    drawing = canvas()
    drawing[50:250, 100:120, 3] = 255
    drawing[230:250, 100:200, 3] = 255
    rgb = np.where(drawing[..., 3:] > 0, np.uint8(ink), np.uint8(paper)).repeat(3, axis=2)
    np.testing.assert_allclose(digits.prepare_picture(rgb), digits.prepare(drawing), atol=1e-6)


def test_an_empty_picture_is_all_zeros() -> None:
    prepared = digits.prepare_picture(np.full((30, 40, 3), 255, np.uint8))
    assert prepared.shape == (1, 28, 28, 1)
    assert not prepared.any()
