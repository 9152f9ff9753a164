from converter.passes.prune import prune
from tests.converter.building import f32, graph, node


def test_what_no_output_depends_on_is_dropped() -> None:
    made = graph(
        node("a", "Split", "w", "x"),
        node("dead", "Mul", "a", "v"),
        node("y", "Relu", "a:1"),
        outputs=["y"],
        inputs={"x": (1, 2), "unused": (1, 2)},
        weights={"w": f32([1]), "v": f32([2])},
    )
    pruned = prune(made)
    assert [each.name for each in pruned.nodes] == ["a", "y"]
    assert list(pruned.weights) == ["w"]
    assert [each.name for each in pruned.inputs] == ["x", "unused"]


def test_a_weight_that_is_an_output_stays() -> None:
    assert list(prune(graph(outputs=["w"], weights={"w": f32([1])})).weights) == ["w"]
