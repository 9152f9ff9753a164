"""The shipped classifier."""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from card import Kind
from converter import bundle, cli, tfjs
from inputs import picture
from kinds import Context
from models.cases import case, named
from outputs import classes
from outputs.classes import Guess
from tests.converter.models import bundles

ROOT = Path(cli.__file__).parents[1]
CLASSIFIER = ROOT / "models" / "efficientnet-lite0"
CARD, FILES = bundle.load(CLASSIFIER)

SENSIBLE = {
    "cat": {"tabby cat", "tiger cat", "Egyptian cat"},
    "coffee": {"espresso", "coffee mug", "tea cup"},
    "rocket": {"missile", "projectile", "space shuttle"},
    "motorcycle": {"moped", "motor scooter", "disc brake"},
}


def read(output: NDArray[Any]) -> tuple[Guess, ...]:
    return classes.read(named([output], CARD), CARD, Context()).guesses


@pytest.fixture(scope="module")
def guesses() -> dict[str, tuple[Guess, ...]]:
    """Answers to the sample photographs, computed by TF.js."""
    names = [*SENSIBLE, "astronaut"]
    pictures = [np.asarray(Image.open(ROOT / f"web/samples/{name}.jpg")) for name in names]
    cases = [case(picture.prepare(each, CARD), CARD) for each in pictures]
    answers = tfjs.run(FILES, "wasm", (CARD.inputs, CARD.outputs), cases)
    said = [read(outputs[0]) for outputs in answers.outputs]
    return dict(zip(names, said, strict=True))


@pytest.mark.parametrize("name", SENSIBLE)
def test_its_answer_for_each_photograph_makes_sense(
    guesses: dict[str, tuple[Guess, ...]], name: str
) -> None:
    assert guesses[name][0].label in SENSIBLE[name]
    assert len(guesses[name]) == 5


def test_it_is_not_sure_of_a_photograph_for_which_it_has_no_class(
    guesses: dict[str, tuple[Guess, ...]],
) -> None:
    assert guesses["astronaut"][0].label in {"bobsleigh", "football helmet", "go-kart"}
    assert guesses["astronaut"][0].probability < 0.5


def test_it_reaches_its_targets() -> None:
    (metric,) = CARD.metrics
    assert "250 turned, mirrored" in metric.dataset
    assert metric.float32 == 1
    assert metric.shipped >= 0.98


def test_it_is_small() -> None:
    listed = sum(len(data) for data in FILES.values())
    assert listed + (CLASSIFIER / "card.json").stat().st_size <= 5_000_000
    assert len(FILES[CARD.golden.path]) <= 100_000


def test_its_golden_vectors_are_photographs() -> None:
    data = FILES[CARD.golden.path]
    outputs = [case.outputs[0].values(data, "float32") for case in CARD.golden.cases]
    labels = [read(output)[0].label for output in outputs]
    assert labels[0] in SENSIBLE["cat"]
    assert labels[1] in SENSIBLE["coffee"]
    assert CARD.parity.float32 < 1e-4


def test_it_says_what_it_is() -> None:
    assert (CARD.name, CARD.license) == ("efficientnet-lite0", "Apache-2.0")
    assert [(each.name, each.shape) for each in CARD.inputs] == [("image", (1, 224, 224, 3))]
    assert [(each.name, each.shape) for each in CARD.outputs] == [("probabilities", (1, 1000))]
    how = {"fit": "crop", "crop": 0.875, "mean": 127, "std": 128}
    assert (CARD.input, CARD.output) == (Kind("picture", how), Kind("classes", {}))
    bundles.check(CARD)


def test_every_class_has_a_name_of_its_own() -> None:
    assert len(CARD.labels) == len(set(CARD.labels)) == 1000
    assert all(label == label.strip() and len(label) <= 40 for label in CARD.labels)


def test_its_recipe_can_be_imported_and_means_this_folder() -> None:
    recipe = import_module("models.efficientnet-lite0.recipe")
    assert recipe.HERE == CLASSIFIER
    assert recipe.SENSIBLE.keys() == {*SENSIBLE, "astronaut"}


def test_its_recipe_makes_the_same_golden_inputs() -> None:
    recipe = import_module("models.efficientnet-lite0.recipe")
    first, second, *_ = recipe._photographs().values()
    assert bundles.recorded(recipe._example(first), CARD, FILES, 0)
    assert bundles.recorded(recipe._example(second), CARD, FILES, 1)
