"""The shipped pose network."""

from importlib import import_module

import numpy as np

from converter import bundle, tfjs
from inputs import picture
from models.cases import case, named
from outputs import points
from tests.converter.models import bundles
from tests.converter.models.photographs import ROOT, photograph

HERE = ROOT / "models" / "movenet"
CARD, FILES = bundle.load(HERE)


def test_it_finds_the_astronaut() -> None:
    person = photograph("astronaut")
    cases = [case(picture.prepare(person, CARD), CARD)]
    answers = tfjs.run(FILES, "wasm", (CARD.inputs, CARD.outputs), cases)
    found = points.read(named(answers.outputs[0], CARD), CARD, picture.context(person))
    places = dict(zip(found.names, found.points.tolist(), strict=True))
    scores = dict(zip(found.names, found.scores.tolist(), strict=True))
    for name, place in {
        "nose": (222, 121),
        "left eye": (246, 101),
        "right eye": (204, 99),
        "left shoulder": (318, 271),
        "right shoulder": (109, 257),
    }.items():
        assert np.hypot(*np.subtract(places[name], place)) < 10, name
        assert scores[name] > 0.5, name
    assert max(scores["left knee"], scores["right ankle"]) < 0.2  # they are not in the picture


def test_it_takes_an_image_and_names_its_keypoints() -> None:
    assert [(each.shape, each.dtype) for each in CARD.inputs] == [((1, 192, 192, 3), "int32")]
    assert (CARD.labels[0], CARD.labels[16], len(CARD.labels)) == ("nose", "right ankle", 17)
    assert CARD.license == "Apache-2.0"


def test_its_skeleton_joins_neighbours() -> None:
    bones = [tuple(CARD.labels[end] for end in bone) for bone in CARD.output_options["skeleton"]]
    assert ("left elbow", "left wrist") in bones
    assert ("left shoulder", "right shoulder") in bones
    assert len(bones) == len(set(bones)) == 16
    bundles.check(CARD)


def test_its_recipe_makes_the_same_card_and_golden_input() -> None:
    recipe = import_module("models.movenet.recipe")
    assert bundles.agrees(recipe.ABOUT, CARD)
    assert bundles.recorded(recipe._example(CARD), CARD, FILES, 0)


def test_its_recipe_compares_poses_with_the_original_s() -> None:
    recipe = import_module("models.movenet.recipe")
    cases = recipe._cases(CARD, 2, seed=0)
    assert [[each.shape for each in case] for case in cases] == [[(1, 192, 192, 3)]] * 2
    answers = tfjs.run(FILES, "wasm", (CARD.inputs, CARD.outputs), cases).outputs
    assert recipe._enough(CARD, answers, answers)
