from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from card import CardError, Kind, Tensor
from converter.graph import Graph, Output
from converter.pipeline import About, convert, draft
from converter.readers import Source
from tests.converter.building import f32, node

WEIGHTS = f32(np.random.default_rng(0).normal(size=(16, 16)))


def product() -> Source:
    """A matrix product with enough weights to be quantized."""

    def run(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [arrays[0] @ WEIGHTS]

    multiply = node("y", "MatMul", "x", "w", transpose_a=False, transpose_b=False)
    outputs = (Output(Tensor("y", (1, 16), "float32"), "y"),)
    given = (Tensor("x", (1, 16), "float32"),)
    return Source(Graph(given, outputs, (multiply,), {"w": WEIGHTS}), "numpy", run)


def test_browsers_are_allowed_what_golden_vectors_cost_not_what_others_do(tmp_path: Path) -> None:
    quiet = f32(np.full((1, 16), 0.001))
    made = convert(product(), tmp_path / "m", About("m", "M", "Made up."), "uint8", [(quiet,)])
    parity = made.card.parity
    assert len(made.card.golden.cases) == 1
    assert parity.shipped > 0.001  # on the made-up inputs, which are a thousand times larger
    assert 0 < parity.tolerance < 0.001


def test_a_model_that_does_not_fit_its_kinds_is_refused_before_it_runs(tmp_path: Path) -> None:
    def run(_: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        raise AssertionError("it was run")

    about = About("m", "M", "Made up.", Kind("picture", {}), Kind("classes", {}))
    with pytest.raises(CardError, match=r"input x: expected \(1, height, width, 3\)"):
        convert(replace(product(), run=run), tmp_path / "m", about)
    assert not (tmp_path / "m").exists()


def test_the_card_names_the_kinds(tmp_path: Path) -> None:
    given, answered = Kind("latent", {"parts": {"a": 6, "b": 10}}), Kind("classes", {"top": 3})
    about = About("m", "M", "Made up.", given, answered)
    card = convert(product(), tmp_path / "m", about, "none").card
    assert (card.input, card.output) == (given, answered)


def test_a_draft_is_a_card_without_a_bundle() -> None:
    about = About("tiny", "Tiny", "Made up.", Kind("latent", {}), labels=("a",))
    card = draft(about, product().graph)
    assert card.inputs == (Tensor("x", (1, 16), "float32"),)
    assert card.outputs == (Tensor("y", (1, 16), "float32"),)
    assert (card.labels, card.input, card.output) == (("a",), Kind("latent", {}), None)
