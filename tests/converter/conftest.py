from pathlib import Path

import numpy as np
import pytest

from card import Card, Parity
from converter import bundle, golden
from tests.converter.building import source


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A small valid bundle."""
    model = source()
    vectors = golden.record(model, [(golden.Sample(np.array([[1, 2]], np.uint8)),)])
    network = bundle.network(model.graph, "tiny", "none")
    files = {**network, vectors.golden.path: vectors.data}
    card = Card(
        name="tiny",
        title="Tiny",
        license="Apache-2.0",
        source="Written by hand.",
        input=None,
        output=None,
        inputs=model.graph.inputs,
        outputs=tuple(output.tensor for output in model.graph.outputs),
        labels=(),
        metrics=(),
        files=bundle.listing(files),
        parity=Parity("numpy", 0.0, 0.0, 1e-3),
        golden=vectors.golden,
    ).sealed()
    bundle.save(tmp_path / "tiny", card, files)
    return tmp_path / "tiny"
