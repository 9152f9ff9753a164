import pytest

from card import Tensor
from converter.errors import GraphError
from converter.graph import Graph, Node, Output
from converter.passes.name import name
from tests.converter.building import f32, node

X = Tensor("x", (1, 2), "float32")


def named(outputs: dict[str, str], *nodes: Node) -> Graph:
    made = tuple(Output(Tensor(each, (1, 2), "float32"), outputs[each]) for each in outputs)
    return name(Graph((X,), made, nodes, {"w": f32([1, 2])}))


def test_the_node_that_makes_an_output_bears_its_name() -> None:
    graph = named({"scores": "b"}, node("a", "Relu", "x"), node("b", "Relu", "a"))
    assert graph.nodes == (node("a", "Relu", "x"), node("scores", "Relu", "a"))
    assert graph.outputs[0].source == "scores"


def test_references_to_it_follow() -> None:
    graph = named({"scores": "a", "y": "b"}, node("a", "Relu", "x"), node("b", "Exp", "a"))
    assert graph.nodes == (node("scores", "Relu", "x"), node("y", "Exp", "scores"))


@pytest.mark.parametrize("source", ["x", "w", "split:1"])
def test_an_identity_bears_the_name_of_what_no_node_can(source: str) -> None:
    split = node("split", "Split", "x")
    assert named({"y": source}, split).nodes == (split, node("y", "Identity", source))


def test_two_names_for_one_result() -> None:
    graph = named({"y": "a", "z": "a"}, node("a", "Relu", "x"))
    assert graph.nodes == (node("y", "Relu", "x"), node("z", "Identity", "y"))


def test_names_may_swap() -> None:
    graph = named({"a": "b", "b": "a"}, node("a", "Relu", "x"), node("b", "Exp", "a"))
    assert graph.nodes == (node("b", "Relu", "x"), node("a", "Exp", "b"))


def test_what_had_the_name_before_makes_way() -> None:
    graph = named({"w": "b"}, node("a", "Mul", "x", "w"), node("b", "Exp", "a"))
    assert graph.nodes == (node("a", "Mul", "x", "w/inner"), node("w", "Exp", "a"))
    assert list(graph.weights) == ["w/inner"]


def test_an_output_cannot_be_called_as_an_input() -> None:
    with pytest.raises(GraphError, match="x: is an input as well as an output"):
        named({"x": "a"}, node("a", "Relu", "x"))
