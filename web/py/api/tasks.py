"""For each task: from a request's input to the network's, and from its output to the answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from api import answers
from api.answers import Json
from api.request import ApiError
from vision import classify, detect, digits
from vision.card import Card

Outputs: TypeAlias = Sequence[NDArray[Any]]
Size: TypeAlias = tuple[int, int]
"""Height and width of the picture in pixels."""


@dataclass(frozen=True)
class Task:
    """How a task is answered.

    Attributes:
        prepare: From a picture, ``(H, W, 3) uint8 RGB``, to the network's input.
        answer: From the network's outputs to what is sent back.
    """

    prepare: Callable[[NDArray[np.uint8], Card], NDArray[Any]]
    answer: Callable[[Outputs, Card, Size], Json]


def find(task: str) -> Task:
    """Return how a task is answered.

    Raises:
        ApiError: 400, if this API has no answer for it.
    """
    if task not in TASKS:
        answered = ", ".join(TASKS)
        raise ApiError(400, f"This network is for '{task}'; answered are {answered}.")
    return TASKS[task]


def prepare_data(values: NDArray[np.float32], task: str) -> NDArray[np.float32]:
    """Turn ``(784,) float32`` in 0..1, where 1 is ink, into the network's input.

    Raises:
        ApiError: 400, if the network is for another task than digits.
    """
    if task != "digits":
        raise ApiError(400, "This network takes a picture: 'data' is for digits alone.")
    return values.reshape(1, digits.SIDE, digits.SIDE, 1)


def _prepare_digit(rgb: NDArray[np.uint8], _card: Card) -> NDArray[np.float32]:
    drawing = digits.prepare_picture(rgb)
    if not drawing.any():
        raise ApiError(400, "The picture is empty: nothing in it stands out from its edges.")
    return drawing


def _answer_digit(outputs: Outputs, _card: Card, _size: Size) -> Json:
    (probabilities,) = outputs
    return answers.of_digit(digits.read(probabilities))


def _answer_classify(outputs: Outputs, card: Card, _size: Size) -> Json:
    return answers.of_guesses(classify.read(outputs, card))


def _answer_detect(outputs: Outputs, card: Card, size: Size) -> Json:
    return answers.of_detections(detect.read(outputs, card, size))


TASKS = {
    "digits": Task(_prepare_digit, _answer_digit),
    "classify": Task(classify.prepare, _answer_classify),
    "detect": Task(detect.prepare, _answer_detect),
}
"""The tasks of cards that can be answered."""
