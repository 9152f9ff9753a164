from pathlib import Path

import numpy as np
import pytest

from card import Tensor
from converter import bundle, tfjs
from converter.errors import ToolError
from converter.graph import Graph, Output
from converter.passes import optimise
from tests.converter.building import f32, graph, i32, node


def fused() -> Graph:
    """A 1x1 convolution to two channels, with bias and ReLU, on a 1x2 image."""
    conv = node(
        "conv",
        "Conv2D",
        "x",
        "w",
        data_format="NHWC",
        dilations=(1, 1, 1, 1),
        explicit_paddings=(),
        padding="SAME",
        strides=(1, 1, 1, 1),
    )
    made = graph(
        conv,
        node("bias", "BiasAdd", "conv", "b"),
        node("relu", "Relu", "bias"),
        outputs=["relu"],
        inputs={"x": (1, 1, 2, 1)},
        weights={"w": f32([[[[1, -1]]]]), "b": f32([0.5, 3])},
    )
    return optimise(made)


@pytest.mark.parametrize("backend", tfjs.BACKENDS)
def test_a_fused_convolution_computes_what_it_should(backend: str) -> None:
    network = fused()
    assert [each.op for each in network.nodes] == ["_FusedConv2D"]
    outputs = (Tensor("relu", (1, 1, 2, 2), "float32"),)
    cases = [[f32([1, 2]).reshape(1, 1, 2, 1)], [f32([4, -9]).reshape(1, 1, 2, 1)]]
    files = bundle.network(network, "m", "none")
    answers = tfjs.run(files, backend, (network.inputs, outputs), cases)
    assert [each[0].tolist() for each in answers.outputs] == [
        [[[[1.5, 2], [2.5, 1]]]],
        [[[[4.5, 0], [0, 12]]]],
    ]
    assert len(answers.times) == 2


def test_several_inputs_and_outputs_of_both_types_keep_their_order() -> None:
    inputs = Tensor("b", (2,), "int32"), Tensor("a", (1, 2), "float32")
    outputs = Tensor("z", (2,), "int32"), Tensor("y", (1, 2), "float32")
    network = Graph(
        inputs,
        tuple(Output(tensor, tensor.name) for tensor in outputs),
        (node("y", "Mul", "a", "w"), node("z", "AddV2", "b", "one")),
        {"w": f32([10, 100]), "one": i32(1)},
    )
    files = bundle.network(network, "m", "none")
    answers = tfjs.run(files, "cpu", (inputs, outputs), [[i32([5, 6]), f32([[1, 2]])]])
    z, y = answers.outputs[0]
    assert (z.tolist(), z.dtype) == ([6, 7], np.dtype("<i4"))
    assert (y.tolist(), y.dtype) == ([[10, 200]], np.dtype("<f4"))


def test_what_tfjs_says_is_passed_on() -> None:
    broken = graph(node("y", "Frobnicate", "x"), outputs=["y"])
    outputs = tuple(output.tensor for output in broken.outputs)
    files = bundle.network(broken, "m", "none")
    with pytest.raises(ToolError, match=r"TF.js cannot run the network: .*Frobnicate"):
        tfjs.run(files, "cpu", (broken.inputs, outputs), [[f32([[1, 2]])]])


def test_a_missing_node_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("glassbooth.node.find_spec", lambda _: None)
    network = graph(node("y", "Relu", "x"), outputs=["y"])
    with pytest.raises(ToolError, match=r"Node.js: not found; install version 20 or newer"):
        tfjs.run(bundle.network(network, "m", "none"), "cpu", (network.inputs, ()), [])


def test_a_missing_tfjs_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "parity.mjs"
    script.write_text('import "@tensorflow/tfjs-core";')
    monkeypatch.setattr(tfjs, "_SCRIPT", script)
    network = graph(node("y", "Relu", "x"), outputs=["y"])
    with pytest.raises(ToolError, match=r"TF.js: is not installed; run `npm ci`"):
        tfjs.run(bundle.network(network, "m", "none"), "cpu", (network.inputs, ()), [])
