import numpy as np
import pytest
from numpy.typing import NDArray

import pixels


def f32(rows: list[list[float]]) -> pixels.Image:
    return np.array(rows, np.float32)


def grey(rows: list[list[float]]) -> NDArray[np.float32]:
    """A photograph with one channel."""
    return np.array(rows, np.float32)[..., None]


def test_resize_weighs_pixels_by_a_triangle_when_it_shrinks() -> None:
    # Four become two: the triangle is 4 wide, so the first is 3/4 of itself, 3/4, 1/4 of 7 in all.
    made = pixels.resize(grey([[0, 70, 140, 210]]), (1, 2))
    np.testing.assert_allclose(made[0, :, 0], [(3 * 0 + 3 * 70 + 140) / 7, 1120 / 7], rtol=1e-6)


def test_resize_interpolates_when_it_enlarges() -> None:
    made = pixels.resize(grey([[0, 100]]), (1, 4))
    np.testing.assert_allclose(made[0, :, 0], [0, 25, 75, 100], atol=1e-5)


def test_resize_treats_rows_as_columns_and_channels_apart() -> None:
    image = np.zeros((4, 1, 3), np.uint8)
    image[:, 0, 1] = 0, 70, 140, 210
    image[:, 0, 2] = 255
    made = pixels.resize(image, (2, 1))
    assert made.dtype == np.float32
    assert made.flags.c_contiguous
    np.testing.assert_allclose(made[:, 0], [[0, 50, 255], [0, 160, 255]], rtol=1e-6)


def test_resize_to_the_same_size_changes_nothing() -> None:
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
    np.testing.assert_array_equal(pixels.resize(image, (5, 7)), image)


def test_resize_stays_within_the_range_of_the_image() -> None:
    image = np.random.default_rng(0).choice(np.array([0, 255], np.uint8), (31, 17, 3))
    made = pixels.resize(image, (11, 23))
    assert made.min() >= 0
    assert made.max() <= 255.001


def test_resize_takes_a_part_of_a_picture_as_it_lies_in_memory() -> None:
    image = np.random.default_rng(0).integers(0, 256, (8, 9, 4), np.uint8)
    part = image[2:, 1:7, :3]
    np.testing.assert_array_equal(pixels.resize(part, (3, 4)), pixels.resize(part.copy(), (3, 4)))


@pytest.mark.parametrize(
    ("image", "shape"), [((4, 4), (2, 2)), ((0, 4, 3), (2, 2)), ((4, 4, 3), (2, 0))]
)
def test_resize_refuses_what_has_no_pixels(image: tuple[int, ...], shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"image: expected \(H, W, C\) to resize to"):
        pixels.resize(np.zeros(image, np.uint8), shape)


def test_ink_is_alpha_from_0_to_1() -> None:
    rgba = np.zeros((1, 3, 4), np.uint8)
    rgba[0, :, 3] = 0, 51, 255
    rgba[..., :3] = 99
    np.testing.assert_allclose(pixels.ink(rgba), f32([[0, 0.2, 1]]))
    assert pixels.ink(rgba).dtype == np.float32


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 3), (1, 4, 4, 4)])
def test_ink_refuses_other_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected \(H, W, 4\) uint8"):
        pixels.ink(np.zeros(shape, np.uint8))


def test_ink_refuses_other_dtypes() -> None:
    with pytest.raises(ValueError, match=r"got .* float32"):
        pixels.ink(np.zeros((4, 4, 4), np.float32))


def test_crop_keeps_the_box_of_what_is_not_zero() -> None:
    image = f32([[0, 0, 0, 0], [0, 0, 0.5, 0], [0, 1, 0, 0], [0, 0, 0, 0]])
    np.testing.assert_array_equal(pixels.crop(image), f32([[0, 0.5], [1, 0]]))


def test_crop_of_nothing_is_empty() -> None:
    assert pixels.crop(np.zeros((5, 7), np.float32)).shape == (0, 0)


def test_block_max_takes_each_block_s_maximum() -> None:
    image = f32([[1, 0, 0, 2], [0, 0, 3, 0], [0, 0, 0, 0], [0, 4, 0, 0]])
    np.testing.assert_array_equal(pixels.block_max(image, 2), f32([[1, 3], [4, 0]]))


def test_block_max_keeps_what_stands_over_the_edge() -> None:
    image = f32([[0, 0, 5], [0, 0, 0], [6, 0, 7]])
    np.testing.assert_array_equal(pixels.block_max(image, 2), f32([[0, 5], [6, 7]]))


def test_block_max_of_one_changes_nothing() -> None:
    image = f32([[1, 2], [3, 4]])
    np.testing.assert_array_equal(pixels.block_max(image, 1), image)


def test_resize_area_averages_what_a_pixel_covers() -> None:
    image = f32([[1, 1, 4], [1, 1, 4]])
    np.testing.assert_allclose(pixels.resize_area(image, (1, 2)), f32([[1, 3]]), rtol=1e-6)


def test_resize_area_enlarges() -> None:
    expected = f32([[1, 1, 2, 2], [1, 1, 2, 2]])
    np.testing.assert_allclose(pixels.resize_area(f32([[1, 2]]), (2, 4)), expected, rtol=1e-6)


def test_resize_area_keeps_the_mean() -> None:
    image = np.random.default_rng(0).random((37, 51), np.float32)
    assert pixels.resize_area(image, (20, 13)).mean() == pytest.approx(image.mean(), rel=1e-5)


def test_centre_by_mass_moves_the_mass_to_the_centre() -> None:
    placed = pixels.centre_by_mass(f32([[1, 0, 0], [0, 0, 0]]), (5, 5))
    assert np.argwhere(placed).tolist() == [[2, 2]]


def test_centre_by_mass_never_cuts_anything_off() -> None:
    image = np.full((1, 4), 0.01, np.float32)
    image[0, 0] = 100
    placed = pixels.centre_by_mass(image, (1, 5))
    np.testing.assert_array_equal(placed[0, 1:], image[0])


def test_centre_by_mass_refuses_what_does_not_fit() -> None:
    with pytest.raises(ValueError, match=r"\(3, 2\) does not fit into \(2, 2\)"):
        pixels.centre_by_mass(np.ones((3, 2), np.float32), (2, 2))


def test_centre_by_mass_refuses_an_empty_image() -> None:
    with pytest.raises(ValueError, match="no mass"):
        pixels.centre_by_mass(np.zeros((2, 2), np.float32), (4, 4))


def picture(paper: int, ink: int) -> NDArray[np.uint8]:
    rgb = np.full((4, 5, 3), paper, np.uint8)
    rgb[1, 2:4] = ink
    return rgb


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (0, 255), (240, 90), (100, 220)])
def test_ink_on_paper_is_what_stands_out_whichever_is_darker(paper: int, ink: int) -> None:
    expected = np.zeros((4, 5), np.float32)
    expected[1, 2:4] = 1
    found = pixels.ink_on_paper(picture(paper, ink))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_faint_differences_are_paper_and_half_strong_ones_are_less_than_half_ink() -> None:
    rgb = picture(255, 55)
    rgb[2, 2], rgb[2, 3] = 216, 155  # 0.195 and 0.5 of the strongest ink
    found = pixels.ink_on_paper(rgb)
    np.testing.assert_allclose(found[2], [0, 0, 0, 0.375, 0], atol=1e-5)


def test_ink_that_crosses_the_edge_leaves_the_paper_what_it_is() -> None:
    rgb = np.full((9, 9, 3), 250, np.uint8)
    rgb[:, 4] = 10
    np.testing.assert_allclose(pixels.ink_on_paper(rgb)[:, 4], 1)
    assert not pixels.ink_on_paper(rgb)[:, :4].any()


def test_colours_are_as_dark_as_they_look() -> None:
    rgb = picture(255, 255)
    rgb[1, 2], rgb[1, 3] = (0, 0, 255), (255, 255, 0)
    found = pixels.ink_on_paper(rgb)
    assert found[1, 2] == 1
    assert found[1, 3] == 0


@pytest.mark.parametrize(("paper", "ink"), [(200, 200), (200, 160)])
def test_a_picture_without_contrast_has_no_ink(paper: int, ink: int) -> None:
    assert not pixels.ink_on_paper(picture(paper, ink)).any()


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (1, 4, 4, 3)])
def test_ink_on_paper_refuses_other_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected \(H, W, 3\) uint8"):
        pixels.ink_on_paper(np.zeros(shape, np.uint8))
