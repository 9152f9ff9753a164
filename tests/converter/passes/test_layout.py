import numpy as np
import pytest

from converter.graph import Graph, Node
from converter.passes.layout import layout
from tests.converter.building import f32, graph, i32, node

TURNS = {"in": i32([0, 3, 1, 2]), "out": i32([0, 2, 3, 1])}
IMAGE = {"x": (1, 4, 5, 2)}


def between(*nodes: Node, **weights: object) -> Graph:
    """Return a graph of a transpose to NCHW, these nodes, and a transpose back."""
    last = nodes[-1].name
    return layout(
        graph(
            node("t", "Transpose", "x", "in"),
            *nodes,
            node("y", "Transpose", last, "out"),
            outputs=["y"],
            inputs=IMAGE,
            weights={**TURNS, **{name: np.asarray(each) for name, each in weights.items()}},
        )
    )


def test_transposes_cancel_around_an_activation() -> None:
    made = between(node("r", "Relu", "t"))
    assert made.nodes == (node("r", "Relu", "x"),)
    assert made.outputs[0].source == "r"


def test_constants_follow() -> None:
    made = between(node("s", "AddV2", "t", "c"), c=f32([[[1]], [[2]]]))
    (only,) = made.nodes
    assert only.inputs[0] == "x"
    np.testing.assert_array_equal(made.weights[only.inputs[1]], f32([[[[1, 2]]]]))


def test_axes_and_margins_follow() -> None:
    made = between(
        node("p", "PadV2", "t", "m", "zero"),
        node("m2", "Mean", "p", "axes", keep_dims=True),
        m=i32([[0, 0], [0, 0], [1, 2], [3, 4]]),
        zero=f32(0),
        axes=i32([2, 3]),
    )
    pad, mean = made.nodes
    np.testing.assert_array_equal(made.weights[pad.inputs[1]], [[0, 0], [1, 2], [3, 4], [0, 0]])
    np.testing.assert_array_equal(made.weights[mean.inputs[1]], [1, 2])


def test_joined_branches_need_none() -> None:
    made = between(node("a", "Relu", "t"), node("c", "ConcatV2", "a", "t", "one", N=2), one=i32(1))
    assert [each.op for each in made.nodes] == ["Relu", "ConcatV2"]
    assert made.weights[made.nodes[1].inputs[2]] == 3


@pytest.mark.parametrize("flat", [[1, 2, 20], [1, 2, -1], [-1, 2, 20]])
def test_patches_become_tokens_without_a_transpose(flat: list[int]) -> None:
    made = layout(
        graph(
            node("t", "Transpose", "x", "in"),
            node("f", "Reshape", "t", "flat"),
            node("y", "Transpose", "f", "last"),
            outputs=["y"],
            inputs=IMAGE,
            weights={**TURNS, "flat": i32(flat), "last": i32([0, 2, 1])},
        )
    )
    (only,) = made.nodes
    assert only.op == "Reshape"
    np.testing.assert_array_equal(made.weights[only.inputs[1]], [1, 20, 2])


def test_what_needs_its_axes_gets_a_transpose_once() -> None:
    made = layout(
        graph(
            node("t", "Transpose", "x", "in"),
            node("a", "Softmax", "t"),
            node("b", "LogSoftmax", "t"),
            outputs=["a", "b"],
            inputs=IMAGE,
            weights=TURNS,
        )
    )
    assert [each.op for each in made.nodes] == ["Transpose", "Softmax", "LogSoftmax"]
