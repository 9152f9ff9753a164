from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from converter.graph import Graph, Output
from converter.pipeline import About, convert
from converter.readers import Source
from tests.converter.building import f32, node
from vision.card import Tensor

WEIGHTS = f32(np.random.default_rng(0).normal(size=(16, 16)))


def product() -> Source:
    """A matrix product whose weights are many enough to be stored in fewer bits."""

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
