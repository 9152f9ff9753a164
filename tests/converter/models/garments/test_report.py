from dataclasses import replace

import numpy as np
import pytest
import torch

from models.errors import TargetError
from models.garments import report
from models.garments.classifier import Classifier
from models.garments.fashion import Garments
from models.garments.report import DesignEvaluator, DesignMetrics, RealMetrics

EACH = 8
"""Garments of each class in these tests."""

GOOD = DesignMetrics(
    named=np.full(10, 0.95),
    spread=np.full(10, 0.9),
    spread_in_pixels=np.full(10, 0.85),
    covered=0.7,
    nearest=0.9,
    nearest_few=0.8,
)
REAL = RealMetrics(np.full(10, 0.9), 0.95)


def some(seed: int) -> Garments:
    """Random images, the same number of each class, in order of class."""
    images = np.random.default_rng(seed).integers(0, 256, (10 * EACH, 28, 28), np.uint8)
    return Garments(images, np.repeat(np.arange(10, dtype=np.uint8), EACH))


@pytest.fixture(scope="module")
def evaluator() -> DesignEvaluator:
    """An evaluator whose classifier always predicts one class."""
    torch.manual_seed(0)
    judge = Classifier().eval()
    judge.kind.bias.data[3] = 100
    return DesignEvaluator(judge, some(1), some(2), EACH)


def test_real_garments_as_designs_are_as_far_apart_as_real_ones(evaluator: DesignEvaluator) -> None:
    found = evaluator.measure(some(2).images)
    np.testing.assert_allclose(found.spread, 1)
    np.testing.assert_allclose(found.spread_in_pixels, 1)
    assert found.covered == 1
    assert found.nearest == 1


def test_copies_of_training_garments_are_seen(evaluator: DesignEvaluator) -> None:
    copies = some(1).images
    found = evaluator.measure(copies)
    assert found.nearest == pytest.approx(0, abs=1e-3)
    assert found.nearest_few == pytest.approx(0, abs=1e-3)
    np.testing.assert_array_equal(evaluator.nearest(copies[5:7]), copies[5:7])


def test_one_design_over_and_over_has_no_spread(evaluator: DesignEvaluator) -> None:
    found = evaluator.measure(np.repeat(some(2).images[:1], 10 * EACH, axis=0))
    np.testing.assert_allclose(found.spread, 0, atol=1e-3)
    assert found.covered < 0.5


def test_what_was_named_is_counted_by_class(evaluator: DesignEvaluator) -> None:
    expected = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert evaluator.real.named.tolist() == expected
    assert evaluator.measure(some(3).images).named.tolist() == expected


def test_good_designs_pass() -> None:
    report.require(GOOD, 0.009, 2_500_000)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (replace(GOOD, named=np.full(10, 0.89)), "named as asked: expected 0.9 or more, got 0.890"),
        (replace(GOOD, spread=np.array([1.0] * 9 + [0.79])), "class with the least: expected 0.8"),
        (replace(GOOD, nearest_few=0.5), "nearest to training garments: expected 0.7"),
    ],
)
def test_designs_that_miss_a_target_are_refused(found: DesignMetrics, expected: str) -> None:
    with pytest.raises(TargetError, match=expected):
        report.require(found, 0.001, 1)


def test_a_bundle_that_draws_otherwise_or_is_too_large_is_refused() -> None:
    with pytest.raises(TargetError, match=r"pixel: expected 0\.01 at most"):
        report.require(GOOD, 0.02, 1)
    with pytest.raises(TargetError, match="bytes of the bundle: expected 2500000 at most"):
        report.require(GOOD, 0.001, 2_500_001)


def test_the_card_has_what_was_measured_in_float32_and_as_shipped() -> None:
    shipped = replace(GOOD, named=np.full(10, 0.94))
    named, real, *_, change = report.metrics(REAL, GOOD, shipped, 0.0015)
    assert (named.float32, named.shipped) == (0.95, 0.94)
    assert real.shipped == 0.9
    assert (change.float32, change.shipped) == (0, 0.0015)


def test_the_table_has_a_line_for_each_class_and_one_for_all() -> None:
    lines = report.table(REAL, GOOD).splitlines()
    assert lines[2] == "| T-shirt | 95.0% | 90.0% | 0.90 | 0.85 |"
    assert lines[12] == "| all | 0.950 | 0.900 | 0.900 | 0.850 |"
