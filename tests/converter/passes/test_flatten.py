import numpy as np
import pytest

from converter.graph import Graph, Node
from converter.passes.flatten import flatten
from converter.passes.prune import prune
from converter.passes.reshape import reshape
from tests.converter.building import f32, graph, i32, node

WEIGHTS = {
    "w": f32(np.ones((4, 4))),
    "matrix": i32([6, 4]),
    "block": i32([2, 3, 4]),
    "c": f32([1, 2, 3, 4]),
    "c3": f32([[[1, 2, 3, 4]]]),
    "rows": f32(np.ones((3, 1))),
}
BEFORE = node("flat", "Reshape", "x", "matrix")
PRODUCT = node("product", "MatMul", "flat", "w", transpose_a=False, transpose_b=False)
BEHIND = node("back", "Reshape", "product", "block")


def flattened(*nodes: Node, outputs: tuple[str, ...] = ("y",)) -> tuple[Node, ...]:
    made = graph(*nodes, outputs=outputs, inputs={"x": (2, 3, 4)}, weights=WEIGHTS)
    return prune(flatten(made)).nodes


@pytest.mark.parametrize("constant", ["c", "c3"])
def test_a_bias_and_an_activation_come_to_the_product(constant: str) -> None:
    made = flattened(
        BEFORE,
        PRODUCT,
        BEHIND,
        node("bias", "AddV2", "back", constant),
        node("y", "Relu", "bias"),
    )
    assert [(each.name, each.op) for each in made] == [
        ("flat", "Reshape"),
        ("product", "MatMul"),
        ("bias/flat", "AddV2"),
        ("y/flat", "Relu"),
        ("y", "Reshape"),
    ]
    assert made[2].inputs == ("product", "c3/flat" if constant == "c3" else "c")
    assert made[4].inputs == ("y/flat", "block")


def test_a_scale_and_a_shift_come_after_the_reshape_before_the_product() -> None:
    made = flattened(
        node("scaled", "Mul", "x", "c"),
        node("shifted", "AddV2", "c3", "scaled"),
        node("flat", "Reshape", "shifted", "matrix"),
        node("y", "MatMul", "flat", "w"),
    )
    assert made == (
        node("flat/flat", "Reshape", "x", "matrix"),
        node("scaled/flat", "Mul", "flat/flat", "c"),
        node("flat", "AddV2", "c3/flat", "scaled/flat"),
        node("y", "MatMul", "flat", "w"),
    )


@pytest.mark.parametrize(
    "nodes",
    [
        (BEFORE, PRODUCT, BEHIND, node("y", "AddV2", "back", "rows")),
        (BEFORE, PRODUCT, BEHIND, node("y", "Softmax", "back")),
        (BEFORE, PRODUCT, BEHIND, node("e", "Exp", "back"), node("y", "Relu", "back")),
        (node("sum", "AddV2", "x", "c"), node("y", "Reshape", "sum", "matrix")),
    ],
    ids=["a constant for each row", "across channels", "another user", "no product"],
)
def test_what_is_not_by_channel_stays(nodes: tuple[Node, ...]) -> None:
    outputs = ("e", "y") if any(each.name == "e" for each in nodes) else ("y",)
    assert flattened(*nodes, outputs=outputs) == nodes


def reshaped(*nodes: Node, outputs: tuple[str, ...] = ("y",)) -> Graph:
    sides = {"x": (2, 3, 4)}
    return prune(reshape(graph(*nodes, outputs=outputs, inputs=sides, weights=WEIGHTS)))


def test_of_two_reshapes_the_last_stays() -> None:
    flat = node("y", "Reshape", "x", "matrix")
    again = node("z", "Reshape", "y", "row")
    made = graph(
        flat, again, outputs=["z"], inputs={"x": (2, 3, 4)}, weights={**WEIGHTS, "row": i32([-1])}
    )
    assert prune(reshape(made)).nodes == (node("z", "Reshape", "x", "row"),)


def test_a_reshape_to_the_same_vanishes() -> None:
    made = reshaped(BEFORE, node("same", "Reshape", "flat", "block"), node("y", "Exp", "same"))
    assert made.nodes == (node("y", "Exp", "x"),)


def test_an_output_that_is_the_input_again_is_the_input() -> None:
    made = reshaped(BEFORE, node("y", "Reshape", "flat", "block"))
    assert [output.source for output in made.outputs] == ["x"]
