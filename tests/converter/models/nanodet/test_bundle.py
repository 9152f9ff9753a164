"""The detector that is shipped."""

import json

import numpy as np
import pytest

from converter import bundle, tfjs
from tests.converter.models.photographs import ROOT, photograph
from vision import detect
from vision.detect import Detection

HERE = ROOT / "models" / "nanodet"
CARD, FILES = bundle.load(HERE)

Found = dict[str, tuple[Detection, ...]]


@pytest.fixture(scope="module")
def found() -> Found:
    """What it finds in each sample photograph."""
    pictures = {
        name: photograph(name) for name in ("astronaut", "cat", "coffee", "motorcycle", "rocket")
    }
    cases = [(detect.prepare(each, CARD),) for each in pictures.values()]
    answers = tfjs.run(FILES, "wasm", (CARD.inputs, CARD.outputs), cases)
    return {
        name: detect.read(outputs, CARD, (picture.shape[0], picture.shape[1]))
        for (name, picture), outputs in zip(pictures.items(), answers.outputs, strict=True)
    }


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
    assert detect.overlaps(drawn, told)[0, 0] > 0.9


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
