import pytest

from converter.graph import Graph, Node
from converter.passes.squeeze import squeeze
from tests.converter.building import graph, i32, node


def reduced(*more: Node, shape: tuple[int, ...] = (1, 5), outputs: tuple[str, ...] = ()) -> Graph:
    return graph(
        node("mean", "Mean", "x", "axes", keep_dims=True),
        node("y", "Reshape", "mean", "shape"),
        *more,
        outputs=[*outputs, "y"],
        inputs={"x": (1, 4, 3, 5)},
        weights={"axes": i32([1, -2]), "shape": i32(shape)},
    )


def test_a_reduction_drops_its_axes_itself() -> None:
    (only,) = squeeze(reduced()).nodes
    assert only == node("y", "Mean", "x", "axes", keep_dims=False)


def test_a_side_that_follows_from_the_others_is_known() -> None:
    assert [each.op for each in squeeze(reduced(shape=(-1, 5))).nodes] == ["Mean"]


@pytest.mark.parametrize(
    "other",
    [
        reduced(shape=(5, 1)),
        reduced(shape=(1, 1, 5)),
        reduced(outputs=("mean",)),
        reduced(node("z", "Exp", "mean")),
    ],
    ids=["another order", "one axis stays", "an output", "something else needs the axes"],
)
def test_other_shapes_stay(other: Graph) -> None:
    assert squeeze(other).nodes == other.nodes
