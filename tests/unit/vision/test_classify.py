from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vision import classify
from vision.card import Card, CardError, File, Golden, Parity, Tensor
from vision.classify import Guess

SHA256 = "0" * 64


def card(
    preprocessing: dict[str, Any] | None = None,
    labels: tuple[str, ...] = ("cat", "dog", "owl"),
    shape: tuple[int, ...] = (1, 2, 2, 3),
) -> Card:
    return Card(
        name="animals",
        title="Animals",
        task="classify",
        license="Apache-2.0",
        source="Made up.",
        inputs=(Tensor("image", shape, "float32"),),
        outputs=(Tensor("probabilities", (1, 3), "float32"),),
        labels=labels,
        preprocessing=preprocessing or {},
        metrics=(),
        files=(File("model.json", 0, SHA256), File("golden.bin", 0, SHA256)),
        parity=Parity("none", 0, 0, 0),
        golden=Golden("golden.bin", ()),
    )


def picture(rows: list[list[int]]) -> NDArray[np.uint8]:
    """A grey photograph."""
    return np.repeat(np.array(rows, np.uint8)[..., None], 3, axis=2)


def f32(*values: float) -> NDArray[np.float32]:
    return np.array([values], np.float32)


def test_prepare_takes_the_middle_and_scales_to_0_to_1() -> None:
    rgb = picture([[9, 0, 51, 9], [9, 102, 255, 9]])
    made = classify.prepare(rgb, card())
    assert made.shape == (1, 2, 2, 3)
    assert made.dtype == np.float32
    np.testing.assert_allclose(made[0, ..., 0], [[0, 0.2], [0.4, 1]], rtol=1e-6)
    np.testing.assert_array_equal(made[..., 0], made[..., 2])


def test_prepare_takes_the_middle_of_an_upright_picture() -> None:
    rgb = picture([[9, 9], [0, 51], [102, 255], [9, 9]])
    made = classify.prepare(rgb, card())
    np.testing.assert_allclose(made[0, ..., 0], [[0, 0.2], [0.4, 1]], rtol=1e-6)


def test_prepare_takes_the_share_that_the_card_says() -> None:
    rgb = picture([[9, 9, 9, 9], [9, 0, 51, 9], [9, 102, 255, 9], [9, 9, 9, 9]])
    made = classify.prepare(rgb, card({"crop": 0.5}))
    np.testing.assert_allclose(made[0, ..., 0], [[0, 0.2], [0.4, 1]], rtol=1e-6)


def test_prepare_takes_the_whole_picture_if_the_card_says_so() -> None:
    made = classify.prepare(picture([[0, 0, 255, 255]] * 2), card({"fit": "stretch"}))
    # Of 4 pixels in a row, the first of two sees 3, 3 and 1 parts.
    np.testing.assert_allclose(made[0, ..., 0], [[1 / 7, 6 / 7]] * 2, rtol=1e-6)


def test_prepare_takes_a_middle_of_the_network_s_own_aspect() -> None:
    rgb = picture([[9, 9, 9, 9], [0, 51, 102, 255], [9, 9, 9, 9]])
    made = classify.prepare(rgb, card(shape=(1, 1, 4, 3)))
    np.testing.assert_allclose(made[0, 0, :, 0], [0, 0.2, 0.4, 1], rtol=1e-6)


def test_prepare_centres_each_colour_as_the_card_says() -> None:
    rgb = np.full((2, 2, 3), 100, np.uint8)
    made = classify.prepare(rgb, card({"mean": [100, 90, 0], "std": [1, 5, 50]}))
    np.testing.assert_allclose(made[0, 0, 0], [0, 2, 2])


def test_prepare_works_on_a_single_pixel() -> None:
    made = classify.prepare(picture([[51]]), card({"crop": 0.875}))
    np.testing.assert_allclose(made, 0.2, rtol=1e-6)


@pytest.mark.parametrize(
    "rgb",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((0, 4, 3), np.uint8)],
)
def test_prepare_refuses_other_shapes(rgb: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match=r"rgb: expected \(H, W, 3\) uint8, got"):
        classify.prepare(rgb, card())


def test_prepare_refuses_other_dtypes() -> None:
    with pytest.raises(ValueError, match=r"uint8, got .* float32"):
        classify.prepare(np.zeros((4, 4, 3), np.float32), card())


@pytest.mark.parametrize(
    ("preprocessing", "message"),
    [
        ({"fit": "pad"}, "preprocessing.fit: expected crop or stretch, got 'pad'"),
        ({"crop": 0}, "preprocessing.crop: expected a share in 0..1, got 0"),
        ({"crop": "all"}, "preprocessing.crop: expected a share in 0..1, got 'all'"),
        ({"mean": [1, 2]}, r"preprocessing.mean: expected a number, or three, got \[1, 2\]"),
        ({"mean": "grey"}, "preprocessing.mean: expected a number, or three, got 'grey'"),
        ({"std": None}, "preprocessing.std: expected a number, or three, got None"),
        ({"std": [1, 0, 1]}, r"preprocessing.std: expected numbers above 0, got \[1, 0, 1\]"),
    ],
)
def test_prepare_refuses_a_card_that_says_something_else(
    preprocessing: dict[str, Any], message: str
) -> None:
    with pytest.raises(CardError, match=message):
        classify.prepare(picture([[0]]), card(preprocessing))


@pytest.mark.parametrize("shape", [(1, 3, 2, 2), (4,)])
def test_prepare_refuses_a_network_that_takes_no_photographs(shape: tuple[int, ...]) -> None:
    with pytest.raises(CardError, match=r"inputs\[0\].shape: expected \(1, height, width, 3\)"):
        classify.prepare(picture([[0]]), card(shape=shape))


def test_read_gives_the_most_probable_first() -> None:
    guesses = classify.read([f32(0.125, 0.625, 0.25)], card())
    assert guesses == (Guess("dog", 0.625), Guess("owl", 0.25), Guess("cat", 0.125))
    assert classify.read([f32(0.125, 0.625, 0.25)], card(), top=1) == (Guess("dog", 0.625),)


def test_read_turns_logits_into_probabilities() -> None:
    shift = np.log(2)
    guesses = classify.read([f32(500, 500 + shift, 500)], card())
    assert [guess.label for guess in guesses] == ["dog", "cat", "owl"]
    assert [guess.probability for guess in guesses] == pytest.approx([0.5, 0.25, 0.25], rel=1e-4)


def test_read_leaves_independent_probabilities_alone() -> None:
    guesses = classify.read([f32(0.75, 0.5, 1.001)], card())
    assert guesses == (Guess("owl", 1.0), Guess("cat", 0.75), Guess("dog", 0.5))


def test_read_numbers_classes_without_labels() -> None:
    assert classify.read([f32(0.25, 0.75)], card(labels=()))[0] == Guess("1", 0.75)


@pytest.mark.parametrize("output", [f32(0.5, 0.5), np.zeros(3, np.float32)])
def test_read_refuses_another_number_of_classes(output: NDArray[np.float32]) -> None:
    with pytest.raises(ValueError, match=r"expected shape \(1, 3\), one for each label, got"):
        classify.read([output], card())


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_read_refuses_what_is_no_number(bad: float) -> None:
    with pytest.raises(ValueError, match="outputs: expected finite numbers"):
        classify.read([f32(0, bad, 1)], card())
