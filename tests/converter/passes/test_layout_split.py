from converter.passes.layout import layout
from converter.passes.prune import prune
from tests.converter.building import graph, i32, node


def test_the_parts_of_a_transposed_tensor_are_split_before_they_are_transposed_back() -> None:
    made = graph(
        node("t", "Transpose", "x", "out"),
        node("s", "SplitV", "t", "sizes", "axis", num_split=2),
        node("a", "Transpose", "s", "back"),
        node("b", "Transpose", "s:1", "back"),
        outputs=["a", "b"],
        inputs={"x": (1, 4, 5, 6)},
        weights={
            "out": i32([0, 3, 1, 2]),
            "back": i32([0, 2, 3, 1]),
            "sizes": i32([2, 4]),
            "axis": i32(1),
        },
    )
    found = prune(layout(made))
    (split,) = found.nodes
    assert [split.op, split.inputs[0]] == ["SplitV", "x"]
    assert int(found.weights[split.inputs[2]]) == 3
    assert [output.source for output in found.outputs] == ["s", "s:1"]
