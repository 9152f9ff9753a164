from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import framing
from card import Card, CardError
from framing import Frame
from inputs import picture
from tests.unit.cards import card

SIDE = (8, 8)


def boxed(dtype: str = "float32", **options: Any) -> Card:
    """Return a card of a network that takes letterboxed pictures."""
    return card(SIDE, dtype=dtype, fit="letterbox", **options)


def prepared_by(taking: Card, rgb: NDArray[np.uint8]) -> NDArray[Any]:
    return picture.prepare(rgb, taking)["image"]


@pytest.mark.parametrize(
    ("size", "corner", "shape"),
    [
        ((40, 80), (2, 0), (4, 8)),
        ((80, 40), (0, 2), (8, 4)),
        ((2, 4), (2, 0), (4, 8)),
        ((8, 8), (0, 0), (8, 8)),
        ((1000, 1), (0, 3), (8, 1)),
    ],
)
def test_a_picture_lies_in_the_middle_as_large_as_fits(
    size: tuple[int, int], corner: tuple[int, int], shape: tuple[int, int]
) -> None:
    assert Frame.fit(size, SIDE) == Frame(size, corner, shape)


def test_an_empty_picture_has_no_frame() -> None:
    with pytest.raises(ValueError, match=r"at least 1 by 1 pixels, got \(0, 5\)"):
        Frame.fit((0, 5), SIDE)


def test_points_go_back_to_where_they_are_in_the_picture() -> None:
    frame = Frame.fit((40, 80), SIDE)
    points = np.array([[[0, 2], [8, 6]], [[4, 4], [-1, 0]]], np.float32)
    expected = np.array([[[0, 0], [80, 40]], [[40, 20], [-10, -20]]], np.float32)
    np.testing.assert_allclose(frame.to_picture(points), expected, atol=1e-5)


def test_a_picture_is_scaled_to_one_with_black_above_and_below() -> None:
    prepared = prepared_by(boxed(), np.full((40, 80, 3), 255, np.uint8))
    expected = np.zeros((1, 8, 8, 3), np.float32)
    expected[:, 2:6] = 1
    assert prepared.dtype == np.float32
    assert prepared.flags.c_contiguous
    np.testing.assert_allclose(prepared, expected, atol=1e-6)


def test_black_borders_are_normalised_as_black_pixels_are() -> None:
    how = boxed(mean=[10, 20, 30], std=[1, 2, 5])
    prepared = prepared_by(how, np.full((4, 8, 3), 110, np.uint8))
    np.testing.assert_allclose(prepared[0, 0, 0], [-10, -10, -6], atol=1e-5)
    np.testing.assert_allclose(prepared[0, 4, 4], [100, 45, 16], atol=1e-4)


def test_a_network_may_take_blue_first() -> None:
    red = np.zeros((8, 8, 3), np.uint8)
    red[..., 0] = 255
    prepared = prepared_by(boxed(channels="bgr", mean=[255, 0, 0]), red)
    assert not prepared.any()
    prepared = prepared_by(boxed(channels="bgr", std=[51, 1, 1]), red)
    assert prepared[0, 0, 0].tolist() == [0, 0, 5]
    assert prepared.flags.c_contiguous


def test_a_network_may_take_whole_numbers() -> None:
    grey = np.full((8, 8, 3), 7, np.uint8)
    prepared = prepared_by(boxed(dtype="int32", std=1), grey)
    assert prepared.dtype == np.int32
    assert (prepared == 7).all()


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 4), (0, 8, 3)])
def test_only_rgb_is_taken(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected \(H, W, 3\) uint8, got"):
        prepared_by(boxed(), np.zeros(shape, np.uint8))


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"channels": "hsv"}, "option channels: expected one of rgb, bgr, got 'hsv'"),
        ({"mean": "grey"}, "option mean: expected a number, or a list of numbers, got 'grey'"),
        ({"std": [1, 2]}, "option std: expected a number, or three"),
    ],
)
def test_a_card_that_says_it_wrongly_is_refused(how: dict[str, Any], message: str) -> None:
    with pytest.raises(CardError, match=message):
        prepared_by(boxed(**how), np.zeros((8, 8, 3), np.uint8))


SIZES = [[8, 8], [4, 8], [8, 4]]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((8, 16), (4, 8)),
        ((16, 8), (8, 4)),
        ((12, 16), (8, 8)),  # three quarters as high as wide: in four rows it would be smaller
        ((50, 50), (8, 8)),
        ((1, 100), (4, 8)),
    ],
)
def test_a_picture_goes_where_it_is_largest_with_the_least_black(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert framing.size_for(size, boxed(sizes=SIZES)) == expected
    prepared = prepared_by(boxed(sizes=SIZES), np.zeros((*size, 3), np.uint8))
    assert prepared.shape == (1, *expected, 3)


def test_a_network_of_one_size_takes_every_picture_in_it() -> None:
    assert framing.size_for((9, 16), card(SIDE)) == SIDE


@pytest.mark.parametrize("sizes", [[], [[0, 8]], [8], [[8.5, 8]], "all"])
def test_sizes_that_are_none_are_refused(sizes: object) -> None:
    with pytest.raises(CardError, match=r"option sizes: expected heights and widths"):
        framing.size_for((9, 16), boxed(sizes=sizes))


@pytest.mark.parametrize(
    ("options", "corners"),
    [
        # Of 40 x 80 pixels the middle 40 x 40 fill the input.
        ({"fit": "crop"}, [[20, 0], [60, 40]]),
        ({"fit": "crop", "crop": 0.5}, [[30, 10], [50, 30]]),
        ({"fit": "stretch"}, [[0, 0], [80, 40]]),
        ({"fit": "letterbox"}, [[0, -20], [80, 60]]),
    ],
)
def test_corners_of_the_input_go_back_to_what_the_network_sees(
    options: dict[str, Any], corners: list[list[float]]
) -> None:
    frame = framing.frame_for((40, 80), card(SIDE, **options))
    ends = np.array([[0, 0], [8, 8]], np.float32)
    np.testing.assert_allclose(frame.to_picture(ends), corners, atol=1e-4)


@pytest.mark.parametrize("fit", ["crop", "stretch", "letterbox"])
@pytest.mark.parametrize("size", [(64, 96), (96, 64), (80, 80), (33, 97)])
def test_a_dot_is_found_again_however_the_picture_was_fitted(
    fit: str, size: tuple[int, int]
) -> None:
    taking = card((32, 32), fit=fit)
    rgb = np.zeros((*size, 3), np.uint8)
    y, x = size[0] // 2 + 9, size[1] // 2 - 7
    rgb[y - 1 : y + 2, x - 1 : x + 2] = 255
    seen = framing.fitted(rgb, taking)[..., 0]
    down, across = np.indices(seen.shape) + 0.5
    place = np.array([(across * seen).sum(), (down * seen).sum()]) / seen.sum()
    found = framing.frame_for(size, taking).to_picture(place)
    np.testing.assert_allclose(found, [x + 0.5, y + 0.5], atol=0.75)


def test_a_frame_belongs_to_the_size_that_suits_the_picture() -> None:
    frame = framing.frame_for((8, 16), boxed(sizes=SIZES))
    assert frame == Frame((8, 16), (0, 0), (4, 8))


def test_an_empty_picture_has_no_frame_of_any_fit() -> None:
    with pytest.raises(ValueError, match=r"at least 1 by 1 pixels, got \(4, 0\)"):
        framing.frame_for((4, 0), card(SIDE))
