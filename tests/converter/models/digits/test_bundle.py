"""The shipped digits model."""

from importlib import import_module
from pathlib import Path

import numpy as np

from card import Kind
from converter import bundle, cli, parity
from inputs import drawing
from kinds import Context
from outputs import classes
from tests.converter.models import bundles

DIGITS = Path(cli.__file__).parents[1] / "models" / "digits"
CARD, FILES = bundle.load(DIGITS)


def test_it_reaches_its_targets() -> None:
    plain, drawn = CARD.metrics
    assert "MNIST, 10,000 test images" in plain.dataset
    assert "strokes" in drawn.dataset
    assert plain.float32 >= 0.994
    assert drawn.float32 >= 0.97
    assert plain.float32 - plain.shipped <= 0.0005
    assert drawn.shipped >= 0.97


def test_it_is_small() -> None:
    listed = sum(len(data) for data in FILES.values())
    assert listed + (DIGITS / "card.json").stat().st_size <= 400_000


def test_tfjs_agrees_with_keras() -> None:
    report = parity.check(DIGITS)
    assert report.passed
    assert len(report.card.golden.cases) == 12


def test_it_takes_and_gives_what_the_page_expects() -> None:
    assert [(each.name, each.shape) for each in CARD.inputs] == [("image", (1, 28, 28, 1))]
    assert [(each.name, each.shape) for each in CARD.outputs] == [("probabilities", (1, 10))]
    assert CARD.labels == tuple("0123456789")
    assert (CARD.input, CARD.output) == (Kind("drawing", {}), Kind("classes", {"every": True}))
    bundles.check(CARD)
    assert drawing.side(CARD) == 28


def test_the_golden_vectors_are_one_digit_each_and_two_that_were_drawn() -> None:
    data = FILES[CARD.golden.path]
    read = [
        classes.read({"probabilities": case.outputs[0].values(data, "float32")}, CARD, Context())
        for case in CARD.golden.cases
    ]
    assert [answer.guesses[0].label for answer in read] == [*"0123456789", "2", "3"]
    assert [int(np.argmax(answer.probabilities)) for answer in read] == [*range(10), 2, 3]


def test_its_recipe_says_what_its_card_says() -> None:
    recipe = import_module("models.digits.recipe")
    assert bundles.agrees(recipe.ABOUT, CARD)
