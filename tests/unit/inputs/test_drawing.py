import json
import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from card import CardError, Kind
from inputs import drawing
from kinds import Body, Context, GivenError, PictureFile
from tests.unit.cards import model

CARD = model({"image": (1, 28, 28, 1)}, {"digits": (1, 10)}, kinds=(Kind("drawing", {}), None))


def prepared(given: NDArray[Any]) -> NDArray[np.float32]:
    return drawing.prepare(given, CARD)["image"]


def canvas(height: int = 308, width: int = 308) -> NDArray[np.uint8]:
    return np.zeros((height, width, 4), np.uint8)


def centre_of_mass(image: NDArray[np.float32]) -> tuple[float, float]:
    plane = image[0, :, :, 0] / image.sum()
    where = np.arange(28)
    return float(plane.sum(axis=1) @ where), float(plane.sum(axis=0) @ where)


def test_nothing_drawn_is_all_zeros() -> None:
    values = prepared(canvas())
    assert values.shape == (1, 28, 28, 1)
    assert values.dtype == np.float32
    assert not values.any()


def test_a_block_becomes_twenty_by_ten_in_the_middle() -> None:
    drawn = canvas()
    drawn[40:240, 30:130, 3] = 255
    expected = np.zeros((28, 28), np.float32)
    expected[4:24, 9:19] = 1
    np.testing.assert_allclose(prepared(drawn)[0, :, :, 0], expected, atol=1e-6)


def test_a_wide_drawing_is_normalised_by_its_width() -> None:
    drawn = canvas(100, 400)
    drawn[10:50, 100:300, 3] = 255
    ink = prepared(drawn)[0, :, :, 0] > 0
    assert (ink.any(axis=1).sum(), ink.any(axis=0).sum()) == (4, 20)


@pytest.mark.parametrize("corner", [(0, 0), (0, 307), (307, 0), (307, 307)])
def test_a_single_dot_fills_the_box_wherever_it_is(corner: tuple[int, int]) -> None:
    drawn = canvas()
    drawn[*corner, 3] = 1
    expected = np.zeros((28, 28), np.float32)
    expected[4:24, 4:24] = 1
    np.testing.assert_allclose(prepared(drawn)[0, :, :, 0], expected, atol=1e-6)


def test_a_hair_thin_line_stays_black_and_one_pixel_wide() -> None:
    drawn = canvas()
    drawn[:, 200, 3] = 255
    plane = prepared(drawn)[0, :, :, 0]
    assert plane.max() == 1
    np.testing.assert_array_equal(np.flatnonzero(plane.any(axis=0)), [14])
    np.testing.assert_allclose(plane[4:24, 14], 1, atol=1e-6)


def test_ink_that_touches_every_border_is_kept() -> None:
    drawn = canvas()
    drawn[[0, -1], :, 3] = 255
    drawn[:, [0, -1], 3] = 255
    plane = prepared(drawn)[0, :, :, 0]
    assert plane[4, 4:24].min() > 0
    assert plane[4:24, 23].min() > 0
    assert not plane[6:22, 6:22].any()


@pytest.mark.parametrize("pen", [1, 60, 255])
def test_the_strength_of_the_pen_makes_no_difference(pen: int) -> None:
    drawn = canvas()
    drawn[50:250, 100:120, 3] = 255
    drawn[230:250, 100:200, 3] = 255
    faint = drawn.copy()
    faint[..., 3] = (drawn[..., 3] > 0) * pen
    np.testing.assert_allclose(prepared(faint), prepared(drawn), atol=1e-6)


@pytest.mark.parametrize(("down", "right"), [(0, 0), (50, 7), (108, 188)])
def test_the_place_makes_no_difference(down: int, right: int) -> None:
    drawn = canvas()
    drawn[:200, 40:60, 3] = 255
    drawn[:20, :120, 3] = 255
    moved = canvas()
    moved[down:, right:] = drawn[: 308 - down, : 308 - right]
    np.testing.assert_array_equal(prepared(moved), prepared(drawn))


def test_a_small_drawing_keeps_its_detail() -> None:
    drawn = canvas()
    drawn[100:140, 100:120, 3] = 255
    drawn[108:132, 106:114, 3] = 0
    plane = prepared(drawn)[0, :, :, 0]
    assert not plane[8:20, 12:16].any()
    assert plane[4:24, 9:12].min() > 0.99


def test_colour_makes_no_difference() -> None:
    drawn = canvas()
    drawn[50:250, 100:120, 3] = 255
    coloured = drawn.copy()
    coloured[..., :3] = 200
    np.testing.assert_array_equal(prepared(coloured), prepared(drawn))


def test_the_centre_of_mass_is_within_half_a_pixel_of_the_centre() -> None:
    drawn = canvas()
    drawn[20:290, 100:120, 3] = 255
    drawn[20:60, 100:200, 3] = 255
    assert np.abs(np.subtract(centre_of_mass(prepared(drawn)), 14)).max() <= 0.5


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            np.zeros((308, 308, 2), np.uint8),
            r"expected \(H, W, 4\) uint8, got \(308, 308, 2\) uint8",
        ),
        (np.zeros((308, 308, 4), np.float32), r"expected \(H, W, 4\) uint8, got .* float32"),
        (np.zeros((308, 308, 3), np.float32), r"expected \(H, W, 3\) uint8, got .* float32"),
        (np.zeros(783, np.float32), r"expected \(H, W, 4\) uint8, got \(783,\) float32"),
    ],
)
def test_prepare_takes_only_canvases_pictures_and_numbers(
    given: NDArray[Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        prepared(given)


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (0, 255), (230, 60)])
def test_a_picture_is_prepared_as_the_same_drawing_is(paper: int, ink: int) -> None:
    drawn = canvas()
    drawn[50:250, 100:120, 3] = 255
    drawn[230:250, 100:200, 3] = 255
    rgb = np.where(drawn[..., 3:] > 0, np.uint8(ink), np.uint8(paper)).repeat(3, axis=2)
    np.testing.assert_allclose(prepared(rgb), prepared(drawn), atol=1e-6)


def test_an_empty_picture_is_refused() -> None:
    with pytest.raises(GivenError, match="The picture is empty: nothing in it stands out"):
        prepared(np.full((30, 40, 3), 255, np.uint8))


def test_numbers_become_the_network_s_input_row_by_row() -> None:
    numbers = np.linspace(0, 1, 784, dtype=np.float32)
    values = prepared(numbers)
    assert values.shape == (1, 28, 28, 1)
    assert values[0, 2, 3, 0] == numbers[2 * 28 + 3]


def test_the_box_may_be_another_share_of_the_side() -> None:
    drawn = canvas()
    drawn[40:240, 30:130, 3] = 255
    wide = model({"x": (1, 16, 16, 1)}, {}, kinds=(Kind("drawing", {"box": 1.0}), None))
    ink = drawing.prepare(drawn, wide)["x"][0, :, :, 0] > 0
    assert (ink.any(axis=1).sum(), ink.any(axis=0).sum()) == (16, 8)


def test_the_context_is_the_size_of_what_was_drawn_on() -> None:
    assert drawing.context(canvas(30, 40)) == Context((30, 40))
    assert drawing.context(np.zeros(784, np.float32)) == Context(None)


@pytest.mark.parametrize(
    ("shape", "dtype", "options", "message"),
    [
        (
            (1, 28, 28),
            "float32",
            {},
            r"input x: expected \(1, side, side, 1\) float32, got \(1, 28",
        ),
        ((1, 28, 32, 1), "float32", {}, r"expected \(1, side, side, 1\)"),
        ((1, 28, 28, 3), "float32", {}, r"expected \(1, side, side, 1\)"),
        ((1, 28, 28, 1), "int32", {}, r"float32, got \(1, 28, 28, 1\) int32"),
        ((1, 28, 28, 1), "float32", {"box": 0}, r"option box: expected a share in 0\.\.1, got 0"),
        ((1, 28, 28, 1), "float32", {"box": 1.5}, r"option box: expected a share in 0\.\.1"),
    ],
)
def test_a_model_that_takes_no_drawing_is_refused(
    shape: tuple[int, ...], dtype: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(CardError, match=message):
        drawing.check(model({"x": shape}, {}, kinds=(Kind("drawing", options), None), dtype=dtype))


def test_a_model_that_takes_two_things_is_refused() -> None:
    both = model({"x": (1, 28, 28, 1), "y": (1, 4)}, {})
    with pytest.raises(
        CardError, match=r"drawing: expected a model with one input, got 2 \(x, y\)"
    ):
        drawing.check(both)
    drawing.check(CARD)


DATA: list[Any] = [0.0] * 783 + [1]


def parsed(text: str) -> object:
    return drawing.parse(Body(fields=json.loads(text)), CARD)


def test_a_request_gives_a_picture_file_or_numbers() -> None:
    assert drawing.parse(Body(b"\x89PNG"), CARD) == PictureFile(b"\x89PNG")
    assert parsed('{"image": "iVBORw=="}') == PictureFile(b"\x89PNG")
    values = parsed(json.dumps({"data": DATA}))
    assert isinstance(values, np.ndarray)
    assert values.dtype == np.float32
    np.testing.assert_array_equal(values, DATA)


def data(index: int, value: Any) -> str:
    return json.dumps({"data": [*DATA[:index], value, *DATA[index + 1 :]]})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{}", r'JSON must be {"image": BASE64}, or {"data": \[784 numbers from 0 to 1\]}'),
        ('{"picture": ""}', "JSON must be"),
        ('{"image": "AAAA", "data": []}', "JSON must be"),
        ('{"data": "0"}', "data: expected a list of 784 numbers, got text"),
        ('{"data": {}}', "got an object"),
        ('{"data": true}', "got true or false"),
        ('{"data": []}', "data: expected 784 numbers, got 0"),
        (json.dumps({"data": [*DATA, 0]}), "data: expected 784 numbers, got 785"),
        (data(0, math.nan), r"data\[0\]: expected a number from 0 to 1, got NaN"),
        (data(783, math.inf), r"data\[783\]: expected a number from 0 to 1, got Infinity"),
        (data(5, -0.001), r"data\[5\]: expected a number from 0 to 1, got -0.001"),
        (data(5, 255), r"data\[5\]: expected a number from 0 to 1, got 255"),
        (data(5, 10**400), r"data\[5\]: expected a number from 0 to 1, got 1000"),
        (data(5, True), r"data\[5\]: expected a number from 0 to 1, got true"),
        (data(5, None), r"data\[5\]: expected a number from 0 to 1, got null"),
        (data(5, "0.5"), r'data\[5\]: expected a number from 0 to 1, got "0.5"'),
        (data(5, [[0]]), r"data\[5\]: expected a number from 0 to 1, got \[\[0\]\]"),
    ],
    ids=lambda part: part[:40],
)
def test_fields_that_are_wrong_are_refused(body: str, message: str) -> None:
    with pytest.raises(GivenError, match=message):
        parsed(body)
