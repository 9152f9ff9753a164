"""Classes: the probability of each label."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arrays import finite, only_output
from card import Card, CardError
from kinds import Arrays, Context, Json, Option

OPTIONS: tuple[Option, ...] = (
    Option("top", "number", 5, "how many classes are answered, the most probable ones"),
    Option("every", "flag", False, "answer the probabilities of all classes in their order, too"),
)

_SLACK = 0.01
"""Tolerance of probabilities outside 0..1: GPUs that compute in float16 are inexact."""


@dataclass(frozen=True)
class Guess:
    """A class and its probability, 0..1."""

    label: str
    probability: float


@dataclass(frozen=True)
class Classes:
    """Answer of a classifier.

    Attributes:
        guesses: The most probable classes, best first.
        probabilities: Probabilities of all classes in the order of the card's labels; empty unless
            the card's option ``every`` is set.
    """

    guesses: tuple[Guess, ...]
    probabilities: tuple[float, ...] = ()


def check(card: Card) -> None:
    """Check that the model gives one number for each label; see `kinds.OutputKind`."""
    top = OPTIONS[0].value(card.output_options)
    if top < 1 or top != int(top):
        raise CardError(f"option top: expected a whole number of 1 or more, got {top!r}")
    tensor = only_output(card, "classes")
    if len(tensor.shape) != 2 or len(card.labels) not in {0, tensor.shape[1]}:
        raise CardError(
            f"output {tensor.name}: expected (1, {len(card.labels) or 'classes'}), one number for "
            f"each label, got {tensor.shape}"
        )


def read(outputs: Arrays, card: Card, context: Context) -> Classes:
    """Return the most probable classes.

    Args:
        outputs: One array, ``(1, classes) float32``: probabilities, or logits if some are not in
            0..1.
        card: Card with a label for each class; without labels, classes are numbered.
        context: Not used.

    Raises:
        ValueError: If there are not as many numbers as labels, or one is NaN or infinite.
    """
    name = card.outputs[0].name
    values = np.asarray(finite(outputs, name), np.float64)
    if values.shape != (1, len(card.labels) or values.size):
        raise ValueError(
            f"output {name}: expected shape (1, {len(card.labels) or 'classes'}), one for each "
            f"label, got {values.shape}"
        )
    probabilities = _probabilities(values[0])
    top, every = (option.value(card.output_options) for option in OPTIONS)
    best = np.argsort(-probabilities, kind="stable")[: int(top)]
    labels = card.labels or tuple(map(str, range(values.size)))
    guesses = tuple(Guess(labels[i], float(probabilities[i])) for i in best)
    return Classes(guesses, tuple(map(float, probabilities)) if every else ())


def to_json(answer: Classes) -> Json:
    """Return ``{"results": [{"className", "probability"}]}``; see `kinds.OutputKind`."""
    results: Sequence[Json] = [
        {"className": guess.label, "probability": guess.probability} for guess in answer.guesses
    ]
    every = {"result": list(answer.probabilities)} if answer.probabilities else {}
    return {"results": results, **every}


def _probabilities(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities clipped to 0..1, or the softmax of logits."""
    if values.min() >= -_SLACK and values.max() <= 1 + _SLACK:
        return np.clip(values, 0, 1)
    powers = np.exp(values - values.max())
    probabilities: NDArray[np.float64] = powers / powers.sum()
    return probabilities
