"""Names and order of several inputs and outputs are preserved from model file to card."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

import converter
from converter import bundle
from tests.converter import two_inputs


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_inputs.convert(tmp_path_factory.mktemp("two"))


def test_the_card_names_inputs_and_outputs_in_the_models_order(made: Path) -> None:
    card, _ = bundle.load(made)
    named = [(each.name, each.shape) for each in (*card.inputs, *card.outputs)]
    assert named == list(two_inputs.SHAPES.items())


def test_node_agrees_with_the_golden_vectors(made: Path) -> None:
    report = converter.check(made)
    assert report.passed


def test_golden_vectors_have_all_inputs_and_outputs_in_the_cards_order(made: Path) -> None:
    card, files = bundle.load(made)
    data = files[card.golden.path]
    session = onnxruntime.InferenceSession(two_inputs.model().SerializeToString())
    assert len(card.golden.cases) == 3
    for case in card.golden.cases:
        given = {
            spec.name: stored.values(data, spec.dtype)
            for spec, stored in zip(card.inputs, case.inputs, strict=True)
        }
        expected = session.run([spec.name for spec in card.outputs], given)
        for stored, array in zip(case.outputs, expected, strict=True):
            assert stored.values(data, "float32") == pytest.approx(array, abs=1e-5)
        assert np.ptp(expected[0]) > 0.01
