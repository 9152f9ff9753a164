"""Metrics of the generator, in float32 and as shipped, and their targets."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from card import Metric
from models.errors import TargetError
from models.garments import classifier, measures
from models.garments.classifier import Classifier
from models.garments.fashion import LABELS, Garments

LEAST_NAMED = 0.9
LEAST_SPREAD = 0.8
"""Of each class."""
LEAST_NOVELTY = 0.7
LARGEST_CHANGE = 0.01
LARGEST_BUNDLE = 2_500_000

_DESIGNS, _REAL = "2,000 designs, 200 of each class", "10,000 real garments held out"
_FEW = 1
"""Percentile of the distance to the nearest training garment, for the designs closest to copies."""

Images = NDArray[np.uint8]


@dataclass(frozen=True)
class DesignMetrics:
    """Metrics of designs, with the same number of each class.

    Attributes:
        named: The classifier's accuracy for each class, ``(10,)``.
        spread: Mean distance of two designs of each class in the classifier's features, relative to
            that of real garments, ``(10,)``.
        spread_in_pixels: The same in pixels, ``(10,)``.
        covered: Share of real garments with a design in their neighbourhood.
        nearest: Mean distance to the nearest training garment in pixels, relative to that of
            held-out garments.
        nearest_few: The same ratio for the lowest percentile of distances.
    """

    named: NDArray[np.float64]
    spread: NDArray[np.float64]
    spread_in_pixels: NDArray[np.float64]
    covered: float
    nearest: float
    nearest_few: float


@dataclass(frozen=True)
class RealMetrics:
    """Metrics of real garments, for comparison.

    Attributes:
        named: The classifier's accuracy for each class of held-out garments, ``(10,)``.
        covered: `DesignMetrics.covered` of as many training garments as there are designs.
    """

    named: NDArray[np.float64]
    covered: float


class DesignEvaluator:
    """Compares designs with real garments.

    Args:
        judge: Classifier trained on real garments.
        known: Training garments of generator and classifier.
        held_out: Garments held out from training.
        count: Designs of each class.
    """

    def __init__(self, judge: Classifier, known: Garments, held_out: Garments, count: int) -> None:
        self._judge, self._known, self._count = judge, _points(known.images), count
        few = _first(held_out, count)
        kinds, seen = classifier.look(judge, held_out.images)
        self._seen, self._spread = seen, _spreads(seen)
        self._pixels_spread = _spreads(_points(held_out.images))
        self._far = measures.nearest(_points(few), self._known)[1]
        others = classifier.look(judge, _first(known, count))[1]
        self.real = RealMetrics(shares(kinds), measures.coverage(seen, others))

    def measure(self, designs: Images) -> DesignMetrics:
        """Compare designs ``(10 * count, 28, 28) uint8``, in order of class, with real garments."""
        kinds, seen = classifier.look(self._judge, designs)
        far = measures.nearest(_points(designs), self._known)[1]
        return DesignMetrics(
            named=shares(kinds),
            spread=_spreads(seen) / self._spread,
            spread_in_pixels=_spreads(_points(designs)) / self._pixels_spread,
            covered=measures.coverage(self._seen, seen),
            nearest=float(far.mean() / self._far.mean()),
            nearest_few=float(np.percentile(far, _FEW) / np.percentile(self._far, _FEW)),
        )

    def nearest(self, designs: Images) -> Images:
        """Return the training garment that is nearest to each design, in pixels."""
        which = measures.nearest(_points(designs), self._known)[0]
        return np.rint(self._known[which] * 255).astype(np.uint8).reshape(-1, 28, 28)


def metrics(
    real: RealMetrics, float32: DesignMetrics, shipped: DesignMetrics, change: float
) -> tuple[Metric, ...]:
    """Return the metrics for the card.

    Args:
        real: Metrics of real garments.
        float32: Metrics of designs in float32.
        shipped: Metrics of the same designs as shipped.
        change: Mean absolute pixel difference between float32 and shipped designs.
    """

    def metric(name: str, get: Callable[[DesignMetrics], float]) -> Metric:
        return Metric(name, _DESIGNS, _round(get(float32)), _round(get(shipped)))

    right = _round(real.named.mean())
    return (
        metric("named as asked by a classifier of real garments", lambda of: of.named.mean()),
        Metric("named right by the same classifier", _REAL, right, right),
        metric(
            "mean distance of two designs of a class, as a share of two real garments', in what "
            "the classifier sees",
            lambda of: of.spread.mean(),
        ),
        metric("the same in pixels", lambda of: of.spread_in_pixels.mean()),
        metric("share of held-out garments that designs come near", lambda of: of.covered),
        metric(
            "mean distance to the nearest training garment, as a share of held-out garments'",
            lambda of: of.nearest,
        ),
        Metric("mean absolute difference of a pixel from float32", _DESIGNS, 0.0, _round(change)),
    )


def table(real: RealMetrics, found: DesignMetrics) -> str:
    """Return a table of the metrics by class for the documentation."""
    lines = [
        "| class | designs named as asked | real garments named right | spread | in pixels |",
        "| --- | --- | --- | --- | --- |",
    ]
    columns = (found.named, real.named, found.spread, found.spread_in_pixels)
    for label, named, right, spread, pixels in zip(LABELS, *columns, strict=True):
        lines.append(f"| {label} | {named:.1%} | {right:.1%} | {spread:.2f} | {pixels:.2f} |")
    lines.append("| all | " + " | ".join(_mean(each) for each in columns) + " |")
    lines.append(
        f"\ncovered {found.covered:.1%} (training garments: {real.covered:.1%}), nearest "
        f"{found.nearest:.2f}, nearest {_FEW} % {found.nearest_few:.2f}"
    )
    return "\n".join(lines)


def require(found: DesignMetrics, change: float, size: int) -> None:
    """Check the metrics against the targets.

    Args:
        found: Metrics of the designs, as shipped or in float32.
        change: Mean absolute pixel difference between float32 and shipped designs.
        size: Size of the bundle in bytes.

    Raises:
        TargetError: If a target is missed; the text names the first one.
    """
    least = (
        ("designs named as asked", found.named.mean(), LEAST_NAMED),
        ("spread of the class with the least", found.spread.min(), LEAST_SPREAD),
        ("distance of the nearest to training garments", found.nearest_few, LEAST_NOVELTY),
    )
    for what, got, expected in least:
        if got < expected:
            raise TargetError(f"{what}: expected {expected} or more, got {got:.3f}")
    for what, got, expected in (
        ("mean difference of a pixel", change, LARGEST_CHANGE),
        ("bytes of the bundle", size, LARGEST_BUNDLE),
    ):
        if got > expected:
            raise TargetError(f"{what}: expected {expected} at most, got {got}")


def shares(kinds: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the accuracy for each class, of predictions in order of class."""
    rows = kinds.reshape(len(LABELS), -1)
    shares: NDArray[np.float64] = (rows == np.arange(len(LABELS))[:, None]).mean(axis=1)
    return shares


def _spreads(points: measures.Points) -> NDArray[np.float64]:
    spreads = [measures.spread(each) for each in np.split(points, len(LABELS))]
    return np.array(spreads, np.float64)


def _first(of: Garments, count: int) -> Images:
    """Return the first garments of each class."""
    kinds = (of.images[of.labels == kind][:count] for kind in range(len(LABELS)))
    return np.concatenate(list(kinds))


def _points(images: Images) -> measures.Points:
    """Return images as points ``(N, 784)`` with coordinates in 0..1."""
    return images.reshape(len(images), -1) * np.float32(1 / 255)


def _round(value: float) -> float:
    return round(float(value), 5)


def _mean(column: NDArray[np.float64]) -> str:
    return f"{column.mean():.3f}"
