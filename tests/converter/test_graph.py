import pytest

from converter.errors import GraphError
from converter.graph import in_order, producer, renamed
from tests.converter.building import f32, graph, node


def test_a_node_must_come_after_what_it_takes() -> None:
    with pytest.raises(GraphError, match="Relu a: takes b, which is not made before it"):
        graph(node("a", "Relu", "b"), node("b", "Relu", "x"), outputs=["a"])


def test_a_reference_must_lead_somewhere() -> None:
    with pytest.raises(GraphError, match="Relu a: takes nothing:1"):
        graph(node("a", "Relu", "nothing:1"), outputs=["a"])


def test_an_output_must_be_made() -> None:
    with pytest.raises(GraphError, match="output y: y does not exist"):
        graph(outputs=["y"])


@pytest.mark.parametrize("name", ["x", "w", "a"])
def test_a_name_is_used_once(name: str) -> None:
    nodes = node("a", "Relu", "x"), node(name, "Relu", "x")
    with pytest.raises(GraphError, match=f"^{name}: two inputs, weights or nodes"):
        graph(*nodes, outputs=["a"], weights={"w": f32([1])})


def test_users_are_listed_once_each_in_order() -> None:
    made = graph(
        node("a", "Split", "x"), node("b", "Add", "a", "a:1"), node("c", "Relu", "a"), outputs=["c"]
    )
    assert [user.name for user in made.users()["a"]] == ["b", "c"]
    assert made.results() == {"c"}


def test_in_order_sorts_and_otherwise_keeps_the_order() -> None:
    shuffled = node("c", "Add", "b", "a:1"), node("b", "Relu", "x"), node("a", "Relu", "x")
    assert [each.name for each in in_order(shuffled, ["x"])] == ["b", "a", "c"]


def test_in_order_names_a_circle() -> None:
    circle = node("a", "Relu", "b"), node("b", "Relu", "a"), node("c", "Relu", "x")
    with pytest.raises(GraphError, match="wait for each other, or for nothing: a, b"):
        in_order(circle, ["x"])


def test_references_have_a_name_and_may_have_an_index() -> None:
    assert producer("scope/a:2") == "scope/a"
    assert renamed("a:2", {"a": "b"}) == "b:2"
    assert renamed("a", {"a": "b"}) == "b"
    assert renamed("c", {"a": "b"}) == "c"
