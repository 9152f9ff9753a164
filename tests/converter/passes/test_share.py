from typing import Any

import pytest
from numpy.typing import NDArray

from converter.passes.share import share
from tests.converter.building import f32, graph, i32, node


def test_what_is_computed_twice_is_computed_once() -> None:
    made = graph(
        node("a", "LeakyRelu", "x", alpha=0.1),
        node("b", "LeakyRelu", "x", alpha=0.1),
        node("c", "Exp", "a"),
        node("d", "Exp", "b"),
        node("y", "AddV2", "c", "d"),
        outputs=["y", "d"],
    )
    shared = share(made)
    assert shared.nodes == (*made.nodes[:1], made.nodes[2], node("y", "AddV2", "c", "c"))
    assert [output.source for output in shared.outputs] == ["y", "c"]
    assert [output.tensor.name for output in shared.outputs] == ["y", "d"]


def test_later_outputs_of_a_node_are_kept_apart() -> None:
    made = graph(
        node("a", "Split", "axis", "x", num_split=2),
        node("b", "Split", "axis", "x", num_split=2),
        node("y", "Sub", "a", "b:1"),
        outputs=["y"],
        weights={"axis": i32(1)},
    )
    assert share(made).nodes[1:] == (node("y", "Sub", "a", "a:1"),)


def test_equal_weights_are_stored_once() -> None:
    made = graph(
        node("a", "Mul", "x", "v"),
        node("y", "AddV2", "a", "w"),
        outputs=["y"],
        weights={"v": f32([1, 2]), "w": f32([1, 2])},
    )
    shared = share(made)
    assert list(shared.weights) == ["v"]
    assert shared.nodes[1].inputs == ("a", "v")


@pytest.mark.parametrize("other", [f32([[1, 2]]), f32([1, 3]), i32([1, 2]), f32([1, -2])])
def test_other_weights_stay(other: NDArray[Any]) -> None:
    made = graph(outputs=["v", "w"], weights={"v": f32([1, 2]), "w": other})
    assert list(share(made).weights) == ["v", "w"]


def test_other_attributes_and_random_numbers_stay() -> None:
    made = graph(
        node("a", "LeakyRelu", "x", alpha=0.1),
        node("b", "LeakyRelu", "x", alpha=0.2),
        node("r", "RandomUniform", "shape", seed=1),
        node("s", "RandomUniform", "shape", seed=1),
        outputs=["a", "b", "r", "s"],
        weights={"shape": i32([2])},
    )
    assert share(made).nodes == made.nodes
