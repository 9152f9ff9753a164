import base64
import io

import numpy as np
import pytest
from numpy.typing import NDArray

import kinds
from card import Card, CardError, Kind
from kinds import Context
from outputs import picture
from outputs.picture import Picture
from tests.unit.cards import model


def card(shape: tuple[int, ...] = (1, 2, 3, 3), **options: object) -> Card:
    return model({"x": (1, 2)}, {"image": shape}, kinds=(None, Kind("picture", options)))


def decoded(content: bytes) -> NDArray[np.uint8]:
    # The Python of the browser lacks its compiled part.
    pillow = pytest.importorskip("PIL.Image", exc_type=ImportError)
    with pillow.open(io.BytesIO(content)) as image:
        assert image.format == "PNG"
        return np.asarray(image)


def test_a_picture_is_read_within_0_and_1() -> None:
    output = np.full((1, 2, 3, 3), 0.25, np.float32)
    output[0, 0, 0], output[0, 1, 2] = -0.01, 1.01
    answer = picture.read({"image": output}, card(), Context())
    assert answer.values.shape == (2, 3, 3)
    assert answer.values.dtype == np.float32
    assert answer.values[:, :, 0].tolist() == [[0, 0.25, 0.25], [0.25, 0.25, 1]]
    assert answer.pixels[:, :, 0].tolist() == [[0, 64, 64], [64, 64, 255]]
    assert answer.pixels.dtype == np.uint8


@pytest.mark.parametrize(
    ("limits", "outputs"),
    [([-1, 1], [-1, 0, 1]), ([0, 255], [0, 127.5, 255]), ([1, 0], [1, 0.5, 0])],
)
def test_black_and_white_are_what_the_card_says(limits: list[float], outputs: list[float]) -> None:
    row = np.array(outputs, np.float32).reshape(1, 1, 3, 1)
    answer = picture.read({"image": row}, card((1, 1, 3, 1), range=limits), Context())
    assert answer.values.ravel().tolist() == [0, 0.5, 1]


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [(1, 1), (5, 3), (64, 40)])
def test_other_programs_read_the_same_pixels_out_of_the_file(
    size: tuple[int, int], channels: int
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*size, channels), np.uint8)
    expected = pixels[..., 0] if channels == 1 else pixels
    np.testing.assert_array_equal(decoded(picture.png(pixels)), expected)


def test_a_picture_is_sent_as_base64() -> None:
    values = np.linspace(0, 1, 12, dtype=np.float32).reshape(2, 2, 3)
    sent = picture.to_json(Picture(values))
    assert isinstance(sent, dict)
    assert list(sent) == ["image"]
    content = base64.b64decode(sent["image"], validate=True)
    np.testing.assert_array_equal(decoded(content), np.rint(values * 255))


@pytest.mark.parametrize("shape", [(1, 2, 3), (2, 2, 3, 3), (1, 2, 3, 4)])
def test_an_output_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"output image: expected shape \(1, h, w, 1 or 3\), got"):
        picture.read({"image": np.zeros(shape, np.float32)}, card(), Context())


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="output image: expected finite numbers"):
        picture.read({"image": np.full((1, 2, 3, 3), bad, np.float32)}, card(), Context())


def test_a_model_that_makes_pictures_fits() -> None:
    kinds.check(card())
    kinds.check(card((1, 28, 28, 1), range=[-1, 1]))


@pytest.mark.parametrize(
    ("shape", "options", "message"),
    [
        ((1, 3, 2, 2), {}, r"output image: expected \(1, h, w, 1 or 3\), got \(1, 3, 2, 2\)"),
        ((1, 784), {}, r"output image: expected \(1, h, w, 1 or 3\)"),
        (
            (1, 2, 3, 3),
            {"range": [0, 0]},
            r"option range: expected two different numbers, got \[0, 0",
        ),
        ((1, 2, 3, 3), {"range": 1}, "option range: expected two different numbers, got 1"),
        ((1, 2, 3, 3), {"range": [0, 1, 2]}, "option range: expected two different numbers"),
        ((1, 2, 3, 3), {"range": "all"}, "option range: expected a number, or a list of numbers"),
    ],
)
def test_a_model_that_makes_none_is_refused(
    shape: tuple[int, ...], options: dict[str, object], message: str
) -> None:
    with pytest.raises(CardError, match=message):
        kinds.check(card(shape, **options))


def test_a_model_with_two_outputs_is_refused() -> None:
    outputs = {"image": (1, 2, 3, 3), "mask": (1, 2, 3, 1)}
    two = model({"x": (1, 2)}, outputs, kinds=(None, Kind("picture", {})))
    with pytest.raises(CardError, match=r"picture: expected a model with one output, got 2"):
        kinds.check(two)
