"""The shipped generator."""

from importlib import import_module
from pathlib import Path

import numpy as np

from card import Kind
from converter import bundle, cli, parity
from converter.golden import Sample
from exhibits.design import garments
from models.cases import named
from tests.converter.models import bundles

GARMENTS = Path(cli.__file__).parents[1] / "models" / "garments"
CARD, FILES = bundle.load(GARMENTS)


def test_it_reaches_its_targets() -> None:
    named, real, spread, pixels, *_, nearest, change = CARD.metrics
    assert named.float32 >= 0.9
    assert named.shipped >= 0.9
    assert real.shipped >= 0.92
    assert "10,000 real garments held out" in real.dataset
    assert spread.shipped >= 0.8
    assert pixels.shipped >= 0.8
    assert nearest.shipped >= 0.9
    assert change.shipped < 0.01


def test_it_is_small() -> None:
    listed = sum(len(data) for data in FILES.values())
    assert listed + (GARMENTS / "card.json").stat().st_size <= 2_500_000


def test_tfjs_agrees_with_pytorch() -> None:
    assert parity.check(GARMENTS).passed


def test_it_takes_and_gives_what_the_page_expects() -> None:
    assert [(each.name, each.shape) for each in CARD.inputs] == [("code", (1, 74))]
    assert [each.shape for each in CARD.outputs] == [(1, 28, 28, 1)]
    parts = {"shape": 32, "detail": 32, "kinds": 10}
    assert CARD.input == Kind("latent", {"parts": parts, "choice": "kinds"})
    assert CARD.output == Kind("picture", {})
    bundles.check(CARD)


def test_there_is_a_golden_design_of_each_class_and_all_differ() -> None:
    data = FILES[CARD.golden.path]
    kinds, drawings = list[int](), list[garments.Numbers]()
    for case in CARD.golden.cases:
        code = case.inputs[0].values(data, "float32")
        kinds.append(int(code[0, -10:].argmax()))
        drawn = named([case.outputs[0].values(data, "float32")], CARD)
        drawings.append(garments.read(drawn, CARD))
    assert kinds == list(range(10))
    apart = [np.abs(a - b).mean() for a in drawings for b in drawings if a is not b]
    assert min(apart) > 0.01


def test_its_recipe_makes_the_same_card_and_golden_inputs() -> None:
    recipe = import_module("models.garments.recipe")
    assert bundles.agrees(recipe.ABOUT, CARD)
    for number, case in enumerate(recipe._cases(CARD, 1, seed=1)):
        assert bundles.recorded(tuple(map(Sample, case)), CARD, FILES, number)
