from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from converter import bundle, golden, parity, tfjs
from converter.errors import BundleError
from tests.converter.building import f32, source
from vision.card import Parity


def test_the_largest_difference_counts() -> None:
    expected = [(f32([1, 2]), f32([0])), (f32([3, 4]), f32([5]))]
    got = [(f32([1, 2.5]), f32([0])), (f32([3, 4]), f32([4]))]
    assert parity.difference(expected, got) == 1
    assert parity.difference(expected, expected) == 0


@pytest.mark.parametrize(("a", "b"), [(np.nan, 0), (0, np.nan), (np.inf, np.inf)])
def test_nan_is_infinitely_wrong(a: float, b: float) -> None:
    with np.errstate(invalid="ignore"):
        assert parity.difference([(f32([a]),)], [(f32([b]),)]) == np.inf


def test_a_good_bundle_passes_on_every_backend(made: Path) -> None:
    report = parity.check(made)
    assert report.passed
    assert (report.name, report.cases, report.tolerance) == ("tiny", 1, 1e-3)
    assert [result.backend for result in report.results] == list(tfjs.BACKENDS)
    assert all(result.error < 1e-6 for result in report.results)


def test_a_bundle_that_answers_otherwise_fails(made: Path) -> None:
    card, files = bundle.load(made)
    wrong = bundle.network(
        replace(source().graph, weights={"w": f32([[1, 2], [3, 4.5]])}), "m", "none"
    )
    files = {**wrong, card.golden.path: files[card.golden.path]}
    bundle.save(made, replace(card, files=bundle.listing(files)).sealed(), files)
    report = parity.check(made)
    assert not report.passed
    assert [result.error for result in report.results] == pytest.approx([1, 1])


def test_golden_vectors_must_have_the_model_s_axes(made: Path) -> None:
    card, files = bundle.load(made)
    (case,) = card.golden.cases
    bad = replace(case, inputs=(replace(case.inputs[0], shape=(2,)),))
    card = replace(card, golden=replace(card.golden, cases=(bad,))).sealed()
    bundle.save(made, card, files)
    with pytest.raises(BundleError, match="their axes are not those of the model's tensors"):
        parity.check(made)


def test_worst_is_what_quantization_costs() -> None:
    model = source()
    vectors = golden.record(model, golden.invent(model.graph.inputs))
    files = bundle.network(model.graph, "m", "none")
    assert parity.worst(model.graph, files, vectors) < 1e-6
    off = replace(model.graph, weights={"w": f32([[1, 2], [3, 4.25]])})
    largest = max(inputs[0][0, 1] for inputs in vectors.inputs)
    found = parity.worst(model.graph, bundle.network(off, "m", "none"), vectors)
    assert found == pytest.approx(largest / 4, rel=1e-5)


def test_the_card_s_parity_is_what_is_checked(made: Path) -> None:
    card, files = bundle.load(made)
    strict = replace(card, parity=Parity("numpy", 0.0, 0.0, -1.0)).sealed()
    bundle.save(made, strict, files)
    assert not parity.check(made).passed
