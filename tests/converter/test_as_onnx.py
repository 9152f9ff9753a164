"""The benchmarks' ONNX export equals the shipped network."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from bench import as_onnx
from bench.environments import BenchError
from card import Card, resampled
from converter import readers
from converter.graph import Node

MODELS = Path(__file__).parents[2] / "models"


@pytest.mark.parametrize("name", ["digits", "efficientnet-lite0", "nanodet"])
def test_it_answers_as_the_bundle_does(name: str, tmp_path: Path) -> None:
    folder, path = MODELS / name, tmp_path / "network.onnx"
    as_onnx.save(folder, path)
    card = Card.from_json((folder / "card.json").read_text())
    content = (folder / card.golden.path).read_bytes()
    session = onnxruntime.InferenceSession(path)
    case = card.golden.cases[0]
    given = resampled(case.inputs[0].values(content, "float32"), card.inputs[0].shape)
    answers = session.run(None, {card.inputs[0].name: given.transpose(0, 3, 1, 2)})
    for answer, stored in zip(answers, case.outputs, strict=True):
        expected = stored.values(content, "float32")
        assert np.abs(resampled(answer, expected.shape) - expected).max() <= card.parity.tolerance


def test_what_it_does_not_know_is_refused() -> None:
    source = readers.read(MODELS / "digits" / "model.json")
    strange = Node("strange", "FFT", ("image",))
    graph = replace(source.graph, nodes=(*source.graph.nodes, strange))
    with pytest.raises(BenchError, match=r"strange: bench/as_onnx\.py does not know FFT"):
        as_onnx.Writer(graph).model()
