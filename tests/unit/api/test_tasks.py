from dataclasses import replace

import numpy as np
import pytest

from api import tasks
from api.request import ApiError
from vision.card import Card, File, Golden, Parity, Tensor

CARD = Card(
    name="digits",
    title="Digits",
    task="digits",
    license="Apache-2.0",
    source="made up",
    inputs=(Tensor("image", (1, 28, 28, 1), "float32"),),
    outputs=(Tensor("probabilities", (1, 10), "float32"),),
    labels=(),
    preprocessing={},
    metrics=(),
    files=(File("model.json", 0, "0" * 64), File("golden.bin", 0, "0" * 64)),
    parity=Parity("nothing", 0.0, 0.0, 0.0),
    golden=Golden("golden.bin", ()),
)


def test_numbers_become_the_network_s_input_row_by_row() -> None:
    values = np.linspace(0, 1, 784, dtype=np.float32)
    prepared = tasks.prepare_data(values, "digits")
    assert prepared.shape == (1, 28, 28, 1)
    assert prepared[0, 2, 3, 0] == values[2 * 28 + 3]


def test_numbers_are_for_digits_alone() -> None:
    with pytest.raises(ApiError, match="takes a picture: 'data' is for digits alone") as caught:
        tasks.prepare_data(np.zeros(784, np.float32), "classify")
    assert caught.value.code == 400


def test_a_task_without_an_answer_is_refused() -> None:
    message = "is for 'dreams'; answered are digits, classify, detect"
    with pytest.raises(ApiError, match=message) as caught:
        tasks.find("dreams")
    assert caught.value.code == 400


def test_a_picture_of_a_digit_is_prepared_and_answered() -> None:
    paper = np.full((100, 80, 3), 230, np.uint8)
    paper[20:80, 35:45] = 20
    task = tasks.find("digits")
    prepared = task.prepare(paper, CARD)
    assert prepared.shape == (1, 28, 28, 1)
    assert prepared.max() == 1
    probabilities = np.array([[0, 0.75, 0, 0, 0.25, 0, 0, 0, 0, 0]], np.float32)
    answer = task.answer([probabilities], CARD, (100, 80))
    assert answer == {"result": [0, 0.75, 0, 0, 0.25, 0, 0, 0, 0, 0]}


def test_a_picture_with_nothing_in_it_is_refused() -> None:
    with pytest.raises(ApiError, match="The picture is empty") as caught:
        tasks.find("digits").prepare(np.full((9, 9, 3), 200, np.uint8), CARD)
    assert caught.value.code == 400


def test_a_classifier_s_answer_is_names_with_probabilities() -> None:
    card = replace(CARD, task="classify", labels=("cat", "cup", "dog"))
    answer = tasks.find("classify").answer([np.array([[0.25, 0.75, 0]], np.float32)], card, (9, 9))
    assert answer == {
        "results": [
            {"className": "cup", "probability": 0.75},
            {"className": "cat", "probability": 0.25},
            {"className": "dog", "probability": 0},
        ]
    }
