"""Makes the pose network: ``python -m models.movenet.recipe`` from the repository root.

MoveNet SinglePose Lightning by Google, as a TF.js graph model that Vladimir Mandic took from
TensorFlow Hub: its weights are kept, its graph is optimised. It is compared with that model on
crops of the one sample photograph that shows a person; the bundle must find each keypoint where the
original finds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from card import Card, Kind, Metric
from converter import About, Cases, Example, Goal, Sample, convert, draft, readers
from inputs import picture
from kinds import Context
from models import crops, npm, originals, shipping
from models.cases import case, named
from models.errors import TargetError
from outputs import points
from outputs.points import Points
from pose import KEYPOINTS

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache"
WORK = CACHE / "movenet"
PERSON = HERE.parents[1] / "web" / "samples" / "astronaut.jpg"

PACKAGE = npm.Package(
    "@vladmandic/human@3.3.6",
    "36be663dfab5810fae29e5d8e6e337163f14c6f179084876b3ab71339c114e1a"
    "9a5b4985f61ba8a0eb994ab4fc8611a1a348466972c5740c1f0ffdbeb5e0afe8",
)
MODEL = "package/models/movenet-lightning.json"

CALIBRATION, CROPS = 60, 200
"""Numbers of crops for calibration and test, with different seeds."""
SIDE = 384
DATASET = f"{CROPS} varied crops of the sample photograph of an astronaut"
SURE = 0.3
"""Minimum score of keypoints that are compared; below, the original is unreliable."""
NEAR = 0.02
"""Largest distance from the original's keypoint, as a share of the picture's side."""
GOAL, LEAST_NEAR = 0.99, 0.98
"""Minimum share of near keypoints: during calibration, and on the test crops."""
LARGEST_ERROR = 1e-4
"""Largest error in float32, as a share of the picture's side."""
LARGEST_BUNDLE = 5_000_000

BONES = (
    *((0, 1), (0, 2), (1, 3), (2, 4)),
    *((5, 6), (5, 7), (7, 9), (6, 8), (8, 10)),
    *((5, 11), (6, 12), (11, 12), (11, 13), (13, 15), (12, 14), (14, 16)),
)
"""Keypoints that a line joins: head, arms, trunk and legs."""

ABOUT = About(
    name="movenet",
    title="How a person stands",
    license="Apache-2.0",
    source=(
        "MoveNet SinglePose Lightning 4 by Google "
        "(https://tfhub.dev/google/movenet/singlepose/lightning/4, Apache-2.0); its graph by "
        f"Vladimir Mandic, from npm {PACKAGE.spec} (MIT), made faster by models/movenet/recipe.py."
    ),
    input=Kind("picture", {"fit": "letterbox", "mean": 0, "std": 1}),
    output=Kind("points", {"skeleton": [[*bone] for bone in BONES]}),
    labels=KEYPOINTS,
)


@dataclass(frozen=True)
class PoseComparison:
    """Comparison of poses with the original's, over keypoints with a score of `SURE` or more.

    Attributes:
        near: Share of the keypoints within `NEAR`.
        mean: Mean distance as a share of the picture's side.
        worst: Largest distance as a share of the picture's side.
        count: Number of keypoints.
    """

    near: float
    mean: float
    worst: float
    count: int


def main() -> None:
    """Convert, compare and check; see the module.

    Raises:
        TargetError: If the targets are missed; the existing bundle is kept.
        DataError: If the original cannot be downloaded.
        ConverterError: If the conversion fails.
    """
    original = originals.fetch(PACKAGE, MODEL, CACHE)
    source = readers.read(original.save(WORK / "original"))
    card = draft(ABOUT, source.graph)
    goal = Goal(_cases(card, CALIBRATION, seed=1), partial(_enough, card))
    # On noise, which the converter also tries, keypoints are anywhere: no budget for these.
    made = convert(source, WORK / "bundle", ABOUT, goal, [_example(card)], None, 1.0, print)
    cases = _cases(card, CROPS, seed=0)
    expected = _read(card, original.run(cases))
    float32, shipped = (
        _compare(expected, _read(card, originals.run(form, cases)))
        for form in (made.float32, made.shipped)
    )
    card = replace(made.card, metrics=_metrics(float32, shipped)).sealed()
    _judge(float32, shipped, shipping.size(card))
    shipping.ship(card, WORK / "bundle", HERE)


def _person() -> NDArray[np.uint8]:
    return np.asarray(Image.open(PERSON).convert("RGB"))


def _cases(card: Card, count: int, seed: int) -> Cases:
    pictures = crops.vary([_person()], count, SIDE, seed)
    return [case(picture.prepare(each, card), card) for each in pictures]


def _example(card: Card) -> Example:
    """Return a golden input: the prepared photograph."""
    (image,) = case(picture.prepare(_person(), card), card)
    return (Sample(image.astype(np.uint8)),)


def _enough(card: Card, exact: Cases, made: Cases) -> bool:
    """Whether a mixed-precision network reaches the goal."""
    near = _compare(_read(card, exact), _read(card, made)).near
    print(f"{near:.1%} of the keypoints are near, expected {GOAL:.0%} or more")
    return near >= GOAL


def _read(card: Card, answers: Cases) -> list[Points]:
    shown = Context((SIDE, SIDE))
    return [points.read(named(outputs, card), card, shown) for outputs in answers]


def _compare(expected: Sequence[Points], got: Sequence[Points]) -> PoseComparison:
    distances = np.concatenate(
        [
            np.hypot(*(one.points - other.points)[one.scores >= SURE].T) / SIDE
            for one, other in zip(expected, got, strict=True)
        ]
    )
    near = float((distances <= NEAR).mean())
    return PoseComparison(near, float(distances.mean()), float(distances.max()), distances.size)


def _metrics(float32: PoseComparison, shipped: PoseComparison) -> tuple[Metric, ...]:
    near = f"keypoints within {NEAR:.0%} of the picture's side from the original's"
    mean = "mean distance from the original's keypoints, as a share of the picture's side"
    return (
        Metric(near, DATASET, float32.near, shipped.near),
        Metric(mean, DATASET, float32.mean, shipped.mean),
    )


def _judge(float32: PoseComparison, shipped: PoseComparison, size: int) -> None:
    """Print the metrics, and check them against the targets.

    Raises:
        TargetError: If a target is missed.
    """
    for name, each in (("float32", float32), ("shipped", shipped)):
        print(
            f"{name}: {each.near:.1%} of {each.count} keypoints near the original's; "
            f"distance {each.mean:.5f}, at most {each.worst:.5f}"
        )
    print(f"bundle: {size:,} bytes")
    if float32.worst > LARGEST_ERROR:
        raise TargetError(
            f"float32: expected keypoints within {LARGEST_ERROR} of the original's, got {float32}"
        )
    if shipped.near < LEAST_NEAR or size > LARGEST_BUNDLE:
        raise TargetError(
            f"shipped: expected {LEAST_NEAR:.0%} of the keypoints near the original's or more in "
            f"{LARGEST_BUNDLE:,} bytes at most, got {shipped.near:.1%} in {size:,}"
        )


if __name__ == "__main__":
    shipping.run(main)
