"""NCHW image inputs become NHWC."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from card import Tensor
from converter.graph import Graph, Node
from converter.passes import optimise
from converter.readers import Source
from converter.readers.tfjs.images import as_nhwc
from tests.converter.building import f32, graph, i32, node

WEIGHTS = {
    "nhwc": i32([0, 2, 3, 1]),
    "nchw": i32([0, 3, 1, 2]),
    "margins": i32([[0, 0], [0, 0], [1, 1], [1, 1]]),
    "filters": f32(np.ones((1, 1, 3, 2))),
    "mean": f32([0.5]),
}


def network(*nodes: Node, outputs: Sequence[str] = ("y",)) -> Graph:
    return graph(*nodes, outputs=outputs, inputs={"x": (1, 3, 4, 5)}, weights=WEIGHTS)


def doubling(of: Graph) -> Source:
    def run(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [arrays[0] * 2]

    return Source(of, "numpy", run)


CONVOLUTION = node("c", "Conv2D", "t", "filters", strides=(1, 1, 1, 1), padding="VALID")


@pytest.mark.parametrize(
    "before",
    [
        [node("t", "Transpose", "x", "nhwc")],
        [node("p", "Pad", "x", "margins"), node("t", "Transpose", "p", "nhwc")],
        [
            node("s", "Sub", "x", "mean"),
            node("t", "Transpose", "s", "nhwc"),
            node("u", "Transpose", "s", "nhwc"),
        ],
    ],
)
def test_an_image_is_taken_as_nhwc_without_a_transpose(before: list[Node]) -> None:
    turned = as_nhwc(doubling(network(*before, CONVOLUTION, outputs=["c"]))).graph
    assert turned.inputs == (Tensor("x", (1, 4, 5, 3), "float32"),)
    assert "Transpose" not in [each.op for each in optimise(turned).nodes]


def test_the_original_runs_on_what_the_graph_takes() -> None:
    original = doubling(network(node("t", "Transpose", "x", "nhwc"), CONVOLUTION, outputs=["c"]))
    image = f32(np.arange(60)).reshape(1, 4, 5, 3)
    (answer,) = as_nhwc(original).run([image])
    np.testing.assert_array_equal(answer, 2 * image.transpose(0, 3, 1, 2))


@pytest.mark.parametrize(
    "nodes",
    [
        [node("y", "Transpose", "x", "nchw")],
        [node("t", "Transpose", "x", "nhwc"), node("y", "Softmax", "x")],
        [node("y", "Relu", "x")],
    ],
)
def test_what_is_used_otherwise_stays(nodes: list[Node]) -> None:
    source = doubling(network(*nodes))
    assert as_nhwc(source) is source


def test_an_output_of_its_own_stays() -> None:
    source = doubling(network(node("t", "Transpose", "x", "nhwc"), outputs=["x"]))
    assert as_nhwc(source) is source
