"""The shipped detector."""

import json
from importlib import import_module

import numpy as np
import pytest
from numpy.typing import NDArray

import framing
from card import Card
from converter import bundle, tfjs
from inputs import picture
from models.cases import named
from outputs import boxes
from outputs.boxes import Detection
from tests.converter.models import bundles
from tests.converter.models.photographs import ROOT, photograph

HERE = ROOT / "models" / "nanodet"
CARD, FILES = bundle.load(HERE)

Picture = NDArray[np.uint8]
Found = dict[str, tuple[Detection, ...]]


@pytest.fixture(scope="module")
def found() -> Found:
    """Detections in each sample photograph."""
    pictures = {
        name: photograph(name) for name in ("astronaut", "cat", "coffee", "motorcycle", "rocket")
    }
    return dict(zip(pictures, found_in(list(pictures.values()), CARD), strict=True))


def prepared(rgb: Picture, card: Card) -> NDArray[np.float32]:
    (values,) = picture.prepare(rgb, card).values()
    return values


def found_in(pictures: list[Picture], card: Card) -> list[tuple[Detection, ...]]:
    """Return detections in pictures, each at its best-fitting input size."""
    values = [prepared(each, card) for each in pictures]
    answers = tfjs.run_sizes(FILES, "wasm", (card.inputs, card.outputs), values)
    return [
        boxes.read(named(outputs, card), card, picture.context(each)).shown
        for each, outputs in zip(pictures, answers, strict=True)
    ]


def test_a_wide_picture_needs_fewer_pixels_and_loses_nothing() -> None:
    whole = photograph("motorcycle")
    wide = whole[: whole.shape[1] * 9 // 16]
    assert prepared(wide, CARD).shape == (1, 256, 416, 3)
    tall = np.ascontiguousarray(whole[:, 160:385])
    assert prepared(tall, CARD).shape == (1, 416, 256, 3)
    square = CARD.with_input_options(sizes=[[416, 416]])
    (fitted,), (padded,) = found_in([wide], CARD), found_in([wide], square)
    assert [each.label for each in fitted] == [each.label for each in padded]
    corners = [
        np.array([(each.x1, each.y1, each.x2, each.y2) for each in found], np.float32)
        for found in (fitted, padded)
    ]
    assert boxes.overlaps(*corners).diagonal().min() > 0.9


@pytest.mark.parametrize(
    ("name", "label", "box"),
    [
        ("astronaut", "person", (15, 14, 364, 509)),
        ("cat", "cat", (3, 1, 435, 297)),
        ("motorcycle", "motorcycle", (88, 70, 593, 391)),
        ("coffee", "dining table", (9, 3, 597, 398)),
    ],
)
def test_it_knows_what_is_in_a_photograph_and_where(
    found: Found, name: str, label: str, box: tuple[int, int, int, int]
) -> None:
    best = found[name][0]
    assert best.label == label
    assert best.score > 0.45
    drawn = np.array([box], np.float32)
    told = np.array([[best.x1, best.y1, best.x2, best.y2]], np.float32)
    assert boxes.overlaps(drawn, told)[0, 0] > 0.9


@pytest.mark.parametrize(
    ("pixels", "shape"), [(120_000, (288, 384)), (90_000, (256, 320)), (50_000, (192, 256))]
)
def test_with_fewer_pixels_it_still_finds_what_is_large(
    pixels: int, shape: tuple[int, int]
) -> None:
    card = framing.limited(CARD, pixels)
    pictures = [photograph("cat")[:, :400], photograph("motorcycle")]
    assert [prepared(each, card).shape[1:3] for each in pictures] == [shape, shape]
    labels = [{each.label for each in found} for found in found_in(pictures, card)]
    assert "cat" in labels[0]
    assert "motorcycle" in labels[1]


def test_it_knows_nothing_of_rockets(found: Found) -> None:
    assert found["rocket"] == ()


def test_it_takes_an_image_and_names_coco_s_classes() -> None:
    assert [each.shape for each in CARD.inputs] == [(1, 416, 416, 3)]
    assert len(CARD.labels) == 80
    assert (CARD.labels[0], CARD.labels[79]) == ("person", "toothbrush")


def test_it_is_small() -> None:
    listed = sum(len(data) for data in FILES.values())
    assert listed + (HERE / "card.json").stat().st_size <= 4_000_000


def test_no_transpose_is_left_and_every_convolution_is_fused() -> None:
    nodes = json.loads(FILES["model.json"])["modelTopology"]["node"]
    operations = {node["op"] for node in nodes}
    assert "_FusedConv2D" in operations
    assert not operations & {"Transpose", "Conv2D", "LeakyRelu"}


def test_its_recipe_makes_the_same_card_and_golden_input() -> None:
    recipe = import_module("models.nanodet.recipe")
    assert bundles.agrees(recipe.ABOUT, CARD)
    assert bundles.recorded(recipe._example(CARD), CARD, FILES, 0)
    bundles.check(CARD)


def test_its_recipe_compares_boxes_with_the_original_s() -> None:
    recipe = import_module("models.nanodet.recipe")
    cases = recipe._cases(CARD, 5, seed=0)
    assert [[each.shape for each in case] for case in cases] == [[(1, 416, 416, 3)]] * 5
    answers = tfjs.run(FILES, "wasm", (CARD.inputs, CARD.outputs), cases).outputs
    compared = recipe._compare(*[recipe._read(CARD, answers)] * 2)
    assert compared.found == 1
    assert compared.worst == pytest.approx(1, abs=1e-6)
    assert compared.boxes[0] == compared.boxes[1] > 0
