"""Portrait: a picture of eight by eight pixels, and four numbers beside it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from card import Card, CardError
from kinds import Body, Context, GivenError, Option

OPTIONS: tuple[Option, ...] = (Option("most", "number", 255, "brightness of white"),)
SHAPES = {"picture": (1, 8, 8, 3), "numbers": (1, 4)}

Given = tuple[NDArray[np.uint8], NDArray[np.float32]]
"""``(8, 8, 3)`` RGB, and ``(4,)``."""


def check(card: Card) -> None:
    """Check that the model takes both."""
    if {each.name: each.shape for each in card.inputs} != SHAPES:
        raise CardError(f"expected the inputs {SHAPES}")


def prepare(given: Given, card: Card) -> dict[str, NDArray[Any]]:
    """Return the model's inputs: the picture with values 0..1, the numbers as they are."""
    picture, numbers = given
    most = np.float32(OPTIONS[0].value(card.input_options))
    return {"picture": picture[np.newaxis] / most, "numbers": numbers[np.newaxis]}


def context(given: Given) -> Context:
    """Return the picture's size."""
    return Context((8, 8))


def parse(body: Body, card: Card) -> Given:
    """Return the picture and the numbers of JSON."""
    try:
        fields = dict(body.fields or {})
        picture = np.array(fields["picture"], np.uint8).reshape(8, 8, 3)
        numbers = np.array(fields["numbers"], np.float32).reshape(4)
    except (KeyError, TypeError, ValueError):
        raise GivenError('JSON must be {"picture": [192 numbers], "numbers": [4]}.') from None
    return picture, numbers
