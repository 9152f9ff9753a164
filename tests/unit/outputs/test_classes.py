from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import kinds
from card import Card, CardError, Kind
from kinds import Context
from outputs import classes
from outputs.classes import Classes, Guess
from tests.unit.cards import model

ANIMALS = ("cat", "dog", "owl")
DIGITS = tuple("0123456789")


def card(labels: tuple[str, ...] = ANIMALS, **options: object) -> Card:
    outputs = {"probabilities": (1, len(labels) or 3)}
    return model({"image": (1, 2, 2, 3)}, outputs, labels, (None, Kind("classes", options)))


def read(output: NDArray[np.float32], of: Card) -> Classes:
    return classes.read({"probabilities": output}, of, Context())


def f32(*values: float) -> NDArray[np.float32]:
    return np.array([values], np.float32)


def test_read_gives_the_most_probable_first() -> None:
    guesses = read(f32(0.125, 0.625, 0.25), card()).guesses
    assert guesses == (Guess("dog", 0.625), Guess("owl", 0.25), Guess("cat", 0.125))
    assert read(f32(0.125, 0.625, 0.25), card(top=1)).guesses == (Guess("dog", 0.625),)


def test_read_turns_logits_into_probabilities() -> None:
    shift = np.log(2)
    guesses = read(f32(500, 500 + shift, 500), card()).guesses
    assert [guess.label for guess in guesses] == ["dog", "cat", "owl"]
    assert [guess.probability for guess in guesses] == pytest.approx([0.5, 0.25, 0.25], rel=1e-4)


def test_read_leaves_independent_probabilities_alone() -> None:
    guesses = read(f32(0.75, 0.5, 1.001), card()).guesses
    assert guesses == (Guess("owl", 1.0), Guess("cat", 0.75), Guess("dog", 0.5))


def test_read_numbers_classes_without_labels() -> None:
    assert read(f32(0.25, 0.75), card(labels=())).guesses[0] == Guess("1", 0.75)


@pytest.mark.parametrize("output", [f32(0.5, 0.5), np.zeros(3, np.float32)])
def test_read_refuses_another_number_of_classes(output: NDArray[np.float32]) -> None:
    with pytest.raises(ValueError, match=r"expected shape \(1, 3\), one for each label, got"):
        read(output, card())


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_read_refuses_what_is_no_number(bad: float) -> None:
    with pytest.raises(ValueError, match="output probabilities: expected finite numbers"):
        read(f32(0, bad, 1), card())


def test_read_names_the_most_probable_digit_and_gives_all_in_order() -> None:
    output = f32(0, 0, 0.125, 0, 0, 0, 0, 0.875, 0, 0)
    answer = read(output, card(DIGITS, every=True))
    assert answer.guesses[0] == Guess("7", 0.875)
    assert answer.probabilities == (0, 0, 0.125, 0, 0, 0, 0, 0.875, 0, 0)
    assert read(output, card(DIGITS)).probabilities == ()


@pytest.mark.parametrize("shape", [(10,), (1, 9), (2, 10)])
def test_read_refuses_other_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected shape \(1, 10\), one for each label, got"):
        read(np.zeros(shape, np.float32), card(DIGITS))


def test_without_labels_any_number_of_classes_is_read_but_only_one_row() -> None:
    with pytest.raises(ValueError, match=r"expected shape \(1, classes\), .* got \(2, 3\)"):
        read(np.zeros((2, 3), np.float32), card(labels=()))


def test_guesses_are_sent_as_names_with_probabilities() -> None:
    assert classes.to_json(Classes((Guess("cat", 0.5),))) == {
        "results": [{"className": "cat", "probability": 0.5}]
    }
    assert classes.to_json(Classes(())) == {"results": []}


def test_a_digit_is_also_sent_as_ten_numbers() -> None:
    answer = read(f32(0, 0.75, 0, 0, 0.25, 0, 0, 0, 0, 0), card(DIGITS, every=True, top=2))
    assert classes.to_json(answer) == {
        "results": [
            {"className": "1", "probability": 0.75},
            {"className": "4", "probability": 0.25},
        ],
        "result": [0, 0.75, 0, 0, 0.25, 0, 0, 0, 0, 0],
    }


@pytest.mark.parametrize(
    ("outputs", "options", "message"),
    [
        (
            {"y": (1, 4)},
            {},
            r"output y: expected \(1, 3\), one number for each label, got \(1, 4\)",
        ),
        ({"y": (1, 2, 3)}, {}, r"output y: expected \(1, 3\), one number for each label"),
        (
            {"y": (1, 3), "z": (1, 1)},
            {},
            r"classes: expected a model with one output, got 2 \(y, z\)",
        ),
        ({"y": (1, 3)}, {"top": 0}, "option top: expected a whole number of 1 or more, got 0"),
        ({"y": (1, 3)}, {"top": 1.5}, "option top: expected a whole number of 1 or more, got 1.5"),
        ({"y": (1, 3)}, {"every": 1}, "option every: expected true or false, got 1"),
    ],
)
def test_a_model_that_gives_no_classes_is_refused(
    outputs: dict[str, tuple[int, ...]], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(CardError, match=message):
        kinds.check(model({"x": (1, 2)}, outputs, ANIMALS, (None, Kind("classes", options))))


def test_a_model_without_labels_may_give_any_number_of_classes() -> None:
    kinds.check(model({"x": (1, 2)}, {"y": (1, 7)}, (), (None, Kind("classes", {}))))
