import base64
import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import kinds
from card import Card, CardError, Kind
from inputs import picture
from kinds import Body, Context, GivenError, PictureFile
from tests.unit import cards


def card(options: dict[str, Any] | None = None, shape: tuple[int, ...] = (1, 2, 2, 3)) -> Card:
    return cards.model({"image": shape}, {}, kinds=(Kind("picture", options or {}), None))


def prepare(rgb: NDArray[Any], taking: Card) -> NDArray[Any]:
    return picture.prepare(rgb, taking)["image"]


def grey(rows: list[list[int]]) -> NDArray[np.uint8]:
    """A grey photograph."""
    return np.repeat(np.array(rows, np.uint8)[..., None], 3, axis=2)


def test_prepare_takes_the_middle_and_scales_to_0_to_1() -> None:
    rgb = grey([[9, 0, 51, 9], [9, 102, 255, 9]])
    made = prepare(rgb, card())
    assert made.shape == (1, 2, 2, 3)
    assert made.dtype == np.float32
    np.testing.assert_allclose(made[0, ..., 0], [[0, 0.2], [0.4, 1]], rtol=1e-6)
    np.testing.assert_array_equal(made[..., 0], made[..., 2])


def test_prepare_takes_the_middle_of_an_upright_grey() -> None:
    rgb = grey([[9, 9], [0, 51], [102, 255], [9, 9]])
    made = prepare(rgb, card())
    np.testing.assert_allclose(made[0, ..., 0], [[0, 0.2], [0.4, 1]], rtol=1e-6)


def test_prepare_takes_the_share_that_the_card_says() -> None:
    rgb = grey([[9, 9, 9, 9], [9, 0, 51, 9], [9, 102, 255, 9], [9, 9, 9, 9]])
    made = prepare(rgb, card({"crop": 0.5}))
    np.testing.assert_allclose(made[0, ..., 0], [[0, 0.2], [0.4, 1]], rtol=1e-6)


def test_prepare_takes_the_whole_picture_if_the_card_says_so() -> None:
    made = prepare(grey([[0, 0, 255, 255]] * 2), card({"fit": "stretch"}))
    # Of 4 pixels in a row, the first of two sees 3, 3 and 1 parts.
    np.testing.assert_allclose(made[0, ..., 0], [[1 / 7, 6 / 7]] * 2, rtol=1e-6)


def test_prepare_takes_a_middle_of_the_network_s_own_aspect() -> None:
    rgb = grey([[9, 9, 9, 9], [0, 51, 102, 255], [9, 9, 9, 9]])
    made = prepare(rgb, card(shape=(1, 1, 4, 3)))
    np.testing.assert_allclose(made[0, 0, :, 0], [0, 0.2, 0.4, 1], rtol=1e-6)


def test_prepare_centres_each_colour_as_the_card_says() -> None:
    rgb = np.full((2, 2, 3), 100, np.uint8)
    made = prepare(rgb, card({"mean": [100, 90, 0], "std": [1, 5, 50]}))
    np.testing.assert_allclose(made[0, 0, 0], [0, 2, 2])


def test_prepare_works_on_a_single_pixel() -> None:
    made = prepare(grey([[51]]), card({"crop": 0.875}))
    np.testing.assert_allclose(made, 0.2, rtol=1e-6)


@pytest.mark.parametrize(
    "rgb",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((0, 4, 3), np.uint8)],
)
def test_prepare_refuses_other_shapes(rgb: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match=r"rgb: expected \(H, W, 3\) uint8, got"):
        prepare(rgb, card())


def test_prepare_refuses_other_dtypes() -> None:
    with pytest.raises(ValueError, match=r"uint8, got .* float32"):
        prepare(np.zeros((4, 4, 3), np.float32), card())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fit": "pad"}, "option fit: expected one of crop, stretch, letterbox, got 'pad'"),
        ({"crop": 0}, "option crop: expected a share in 0..1, got 0"),
        ({"crop": "all"}, "option crop: expected a number, got 'all'"),
        ({"mean": [1, 2]}, r"option mean: expected a number, or three, got \[1, 2\]"),
        ({"mean": "grey"}, "option mean: expected a number, or a list of numbers, got 'grey'"),
        ({"std": None}, "option std: expected a number, or a list of numbers, got None"),
        ({"std": [1, 0, 1]}, r"option std: expected numbers above 0, got \[1, 0, 1\]"),
    ],
)
def test_prepare_refuses_a_card_that_says_something_else(
    options: dict[str, Any], message: str
) -> None:
    with pytest.raises(CardError, match=message):
        prepare(grey([[0]]), card(options))
    with pytest.raises(CardError, match=message):
        kinds.check(card(options))


@pytest.mark.parametrize("shape", [(1, 3, 2, 2), (4,)])
def test_prepare_refuses_a_network_that_takes_no_photographs(shape: tuple[int, ...]) -> None:
    with pytest.raises(CardError, match=r"input image: expected \(1, height, width, 3\)"):
        prepare(grey([[0]]), card(shape=shape))
    with pytest.raises(CardError, match="a picture needs a network that takes one"):
        picture.check(card(shape=shape))


def test_a_photograph_is_framed_as_whole_numbers() -> None:
    taking = cards.card((192, 192), dtype="int32", fit="letterbox", std=1)
    prepared = prepare(np.full((50, 100, 3), 200, np.uint8), taking)
    assert prepared.shape == (1, 192, 192, 3)
    assert prepared.dtype == np.int32
    assert np.unique(prepared[0, 48:144]).tolist() == [200]
    assert not prepared[0, :48].any()
    assert not prepared[0, 144:].any()


def test_a_photograph_is_framed() -> None:
    taking = cards.card((4, 8), fit="letterbox")
    prepared = prepare(np.full((10, 10, 3), 255, np.uint8), taking)
    assert prepared.shape == (1, 4, 8, 3)
    assert prepared[0, :, :, 0].tolist() == [[0, 0, 1, 1, 1, 1, 0, 0]] * 4


def test_the_context_is_the_size_of_the_picture() -> None:
    assert picture.context(grey([[0, 0, 0], [0, 0, 0]])) == Context((2, 3))


def test_a_model_that_takes_two_things_is_refused() -> None:
    both = cards.model(
        {"image": (1, 2, 2, 3), "row": (1, 4)}, {}, kinds=(Kind("picture", {}), None)
    )
    with pytest.raises(CardError, match=r"picture: expected a model with one input, got 2"):
        kinds.check(both)


@pytest.mark.parametrize("sizes", [[], [[0, 8]]])
def test_sizes_that_are_none_are_refused_at_conversion(sizes: object) -> None:
    with pytest.raises(CardError, match="option sizes: expected heights and widths"):
        kinds.check(card({"sizes": sizes}))


@pytest.mark.parametrize("content", [b"\x89PNG", b"\xff\xd8\xff\xe0", b"GIF89a"])
def test_a_request_gives_a_file_whatever_is_in_it(content: bytes) -> None:
    assert picture.parse(Body(content), card()) == PictureFile(content)
    fields = {"image": base64.b64encode(content).decode()}
    assert picture.parse(Body(fields=fields), card()) == PictureFile(content)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{}", 'JSON must be {"image": BASE64}'),
        ('{"picture": ""}', "JSON must be"),
        ('{"image": "AAAA", "data": []}', "JSON must be"),
        ('{"data": [0.5]}', 'JSON must be {"image": BASE64}'),
        ('{"image": 7}', "image: expected a picture as base64, got a number"),
        ('{"image": null}', "got null"),
        ('{"image": ""}', "image: is empty"),
        ('{"image": "AAA"}', "image: is not base64"),
        ('{"image": "AA*A"}', r"image: is not base64\.$"),
        ('{"image": "\u00e4\u00e4\u00e4\u00e4"}', "image: is not base64"),
        ('{"image": "data:image/png;base64,AAAA"}', "leave out what stands before the comma"),
    ],
)
def test_fields_that_are_wrong_are_refused(body: str, message: str) -> None:
    with pytest.raises(GivenError, match=message):
        picture.parse(Body(fields=json.loads(body)), card())
