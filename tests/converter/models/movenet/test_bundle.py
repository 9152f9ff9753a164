"""The pose network that is shipped."""

import numpy as np

from converter import bundle, tfjs
from tests.converter.models.photographs import ROOT, photograph
from vision import pose

HERE = ROOT / "models" / "movenet"
CARD, FILES = bundle.load(HERE)


def test_it_finds_the_astronaut() -> None:
    picture = photograph("astronaut")
    answers = tfjs.run(FILES, "wasm", (CARD.inputs, CARD.outputs), [(pose.prepare(picture, CARD),)])
    found = pose.read(answers.outputs[0], CARD, (picture.shape[0], picture.shape[1]))
    points = dict(zip(pose.KEYPOINTS, found.points.tolist(), strict=True))
    scores = dict(zip(pose.KEYPOINTS, found.scores.tolist(), strict=True))
    for name, place in {
        "nose": (222, 121),
        "left eye": (246, 101),
        "right eye": (204, 99),
        "left shoulder": (318, 271),
        "right shoulder": (109, 257),
    }.items():
        assert np.hypot(*np.subtract(points[name], place)) < 10, name
        assert scores[name] > 0.5, name
    assert max(scores["left knee"], scores["right ankle"]) < 0.2  # they are not in the picture


def test_it_takes_an_image_and_names_its_keypoints() -> None:
    assert [(each.shape, each.dtype) for each in CARD.inputs] == [((1, 192, 192, 3), "int32")]
    assert CARD.labels == pose.KEYPOINTS
    assert CARD.license == "Apache-2.0"
