"""The generator that is shipped."""

from pathlib import Path

import numpy as np

from converter import bundle, cli, parity
from vision import garments

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
    assert CARD.preprocessing == {"shape": 32, "detail": 32}
    assert CARD.task == "garments"


def test_there_is_a_golden_design_of_each_class_and_all_differ() -> None:
    data = FILES[CARD.golden.path]
    kinds, drawings = list[int](), list[garments.Numbers]()
    for case in CARD.golden.cases:
        code = case.inputs[0].values(data, "float32")
        kinds.append(int(code[0, -10:].argmax()))
        drawings.append(garments.read([case.outputs[0].values(data, "float32")], CARD))
    assert kinds == list(range(10))
    apart = [np.abs(a - b).mean() for a in drawings for b in drawings if a is not b]
    assert min(apart) > 0.01
