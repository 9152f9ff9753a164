from typing import Any

import numpy as np
import pytest

from tests.unit.vision.cards import card
from vision import framing
from vision.card import CardError
from vision.framing import Frame

SIDE = (8, 8)


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
    prepared = framing.prepare(np.full((40, 80, 3), 255, np.uint8), card(SIDE))
    expected = np.zeros((1, 8, 8, 3), np.float32)
    expected[:, 2:6] = 1
    assert prepared.dtype == np.float32
    assert prepared.flags.c_contiguous
    np.testing.assert_allclose(prepared, expected, atol=1e-6)


def test_black_borders_are_normalised_as_black_pixels_are() -> None:
    how = card(SIDE, mean=[10, 20, 30], std=[1, 2, 5])
    prepared = framing.prepare(np.full((4, 8, 3), 110, np.uint8), how)
    np.testing.assert_allclose(prepared[0, 0, 0], [-10, -10, -6], atol=1e-5)
    np.testing.assert_allclose(prepared[0, 4, 4], [100, 45, 16], atol=1e-4)


def test_a_network_may_take_blue_first() -> None:
    red = np.zeros((8, 8, 3), np.uint8)
    red[..., 0] = 255
    prepared = framing.prepare(red, card(SIDE, channels="bgr", mean=[255, 0, 0]))
    assert not prepared.any()
    prepared = framing.prepare(red, card(SIDE, channels="bgr", std=[51, 1, 1]))
    assert prepared[0, 0, 0].tolist() == [0, 0, 5]
    assert prepared.flags.c_contiguous


def test_a_network_may_take_whole_numbers() -> None:
    grey = np.full((8, 8, 3), 7, np.uint8)
    prepared = framing.prepare(grey, card(SIDE, dtype="int32", std=1))
    assert prepared.dtype == np.int32
    assert (prepared == 7).all()


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 4), (0, 8, 3)])
def test_only_rgb_is_taken(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected \(H, W, 3\) uint8, got"):
        framing.prepare(np.zeros(shape, np.uint8), card(SIDE))


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"channels": "hsv"}, "preprocessing.channels: expected rgb or bgr, got 'hsv'"),
        ({"mean": "grey"}, "preprocessing.mean: expected a number, or three, got 'grey'"),
        ({"std": [1, 2]}, "preprocessing.std: expected a number, or three"),
    ],
)
def test_a_card_that_says_it_wrongly_is_refused(how: dict[str, Any], message: str) -> None:
    with pytest.raises(CardError, match=message):
        framing.prepare(np.zeros((8, 8, 3), np.uint8), card(SIDE, **how))


SIZES = [[8, 8], [4, 8], [8, 4]]


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        ((8, 16), (4, 8)),
        ((16, 8), (8, 4)),
        ((12, 16), (8, 8)),  # three quarters as high as wide: in four rows it would be smaller
        ((50, 50), (8, 8)),
        ((1, 100), (4, 8)),
    ],
)
def test_a_picture_goes_where_it_is_largest_with_the_least_black(
    picture: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert framing.size_for(picture, card(SIDE, sizes=SIZES)) == expected
    prepared = framing.prepare(np.zeros((*picture, 3), np.uint8), card(SIDE, sizes=SIZES))
    assert prepared.shape == (1, *expected, 3)


def test_a_network_of_one_size_takes_every_picture_in_it() -> None:
    assert framing.size_for((9, 16), card(SIDE)) == SIDE


@pytest.mark.parametrize("sizes", [[], [[0, 8]], [8], "all"])
def test_sizes_that_are_none_are_refused(sizes: object) -> None:
    with pytest.raises(CardError, match=r"preprocessing.sizes: expected heights and widths"):
        framing.size_for((9, 16), card(SIDE, sizes=sizes))
