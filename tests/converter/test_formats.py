"""All formats convert to the same network."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bench import five_formats
from converter import bundle, readers, tfjs
from converter.graph import Graph
from converter.passes import optimise
from converter.readers import Source

SIDE = 32
OPS = [
    "_FusedConv2D",  # the first layer
    *["_FusedConv2D", "FusedDepthwiseConv2dNative", "_FusedConv2D", "AddV2"],
    *["_FusedConv2D", "FusedDepthwiseConv2dNative", "_FusedConv2D"],
    *["_FusedConv2D", "FusedDepthwiseConv2dNative", "_FusedConv2D", "AddV2"],
    *["_FusedConv2D", "FusedDepthwiseConv2dNative", "_FusedConv2D"],
    *["_FusedConv2D", "FusedDepthwiseConv2dNative", "_FusedConv2D", "AddV2"],
    *["Mean", "_FusedMatMul", "Softmax"],
]
NAMES = ("Keras 3", "HDF5", "SavedModel", "frozen graph", "PyTorch")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Source]:
    paths = five_formats.write(tmp_path_factory.mktemp("formats"), SIDE)
    return {name: readers.read(path) for name, path in paths.items()}


@pytest.fixture(scope="module")
def graphs(sources: dict[str, Source]) -> dict[str, Graph]:
    return {name: optimise(source.graph) for name, source in sources.items()}


@pytest.fixture(scope="module")
def images() -> list[NDArray[np.float32]]:
    random = np.random.default_rng(0)
    return [random.random((1, SIDE, SIDE, 3), np.float32) for _ in range(3)]


@pytest.mark.parametrize("name", NAMES)
def test_each_has_the_same_operations(name: str, graphs: dict[str, Graph]) -> None:
    graph = graphs[name]
    assert [node.op for node in graph.nodes] == OPS
    assert [each.shape for each in graph.inputs] == [(1, SIDE, SIDE, 3)]
    assert [each.tensor.shape for each in graph.outputs] == [(1, five_formats.CLASSES)]


@pytest.mark.parametrize("backend", tfjs.BACKENDS)
def test_each_agrees_with_its_source(
    backend: str,
    sources: dict[str, Source],
    graphs: dict[str, Graph],
    images: list[NDArray[np.float32]],
) -> None:
    networks = [_network(graphs[name], images) for name in NAMES]
    for name, answers in zip(NAMES, tfjs.run_all(networks, backend), strict=True):
        assert isinstance(answers, tfjs.Answers), f"{name}: {answers}"
        expected: list[Any] = [sources[name].run([image])[0] for image in images]
        got = [made[0] for made in answers.outputs]
        np.testing.assert_allclose(got, expected, atol=1e-4, err_msg=name)


def test_the_sources_agree_with_each_other(
    sources: dict[str, Source], images: list[NDArray[np.float32]]
) -> None:
    answers = [source.run([images[0]])[0] for source in sources.values()]
    assert np.ptp(answers[0]) > 0.1  # else any network would agree
    for each in answers[1:]:
        np.testing.assert_allclose(each, answers[0], atol=1e-5)


def _network(graph: Graph, images: list[NDArray[np.float32]]) -> tfjs.Network:
    outputs = [each.tensor for each in graph.outputs]
    cases = [[image] for image in images]
    return tfjs.Network(bundle.network(graph, "net", "none"), graph.inputs, outputs, cases)
