import numpy as np
import pytest
from numpy.typing import NDArray

from converter.graph import Graph, Node
from converter.passes.absorb import absorb
from converter.passes.prune import prune
from tests.converter.building import f32, graph, node

HALF = node("half", "Mul", "x", "s")
LESS = node("less", "Sub", "half", "m")
FILTERS = f32([[[[1, 2, 3], [4, 5, 6]]]])  # two channels in, three out
WEIGHTS = {"s": f32([2, 10]), "m": f32([1, 3]), "w": FILTERS, "b": f32([0, 0, 7])}


def before(*nodes: Node, weights: dict[str, NDArray[np.float32]] | None = None) -> Graph:
    made = graph(
        *nodes,
        outputs=[nodes[-1].name],
        inputs={"x": (1, 2, 2, 2), "gray": (1, 2, 2, 1)},
        weights={**WEIGHTS, **(weights or {})},
    )
    return prune(absorb(made))


def test_scale_and_shift_go_into_a_fused_convolution() -> None:
    conv = node("y", "_FusedConv2D", "less", "w", "b", padding="VALID", fused_ops=("BiasAdd",))
    made = before(HALF, LESS, conv)
    (only,) = made.nodes
    assert only.inputs == ("x", "y/rescaled", "y/offset")
    assert only.attributes == conv.attributes
    np.testing.assert_array_equal(made.weights["y/rescaled"], f32([[[[2, 4, 6], [40, 50, 60]]]]))
    # minus 1 and minus 3 through the columns: 1 + 3 * 4, 2 + 3 * 5, 3 + 3 * 6
    np.testing.assert_array_equal(made.weights["y/offset"], f32([-13, -17, -21 + 7]))


def test_a_plain_convolution_gets_a_sum_after_it() -> None:
    made = before(HALF, LESS, node("y", "Conv2D", "less", "w", padding="VALID"))
    assert made.nodes == (
        node("y/product", "Conv2D", "x", "y/rescaled", padding="VALID"),
        node("y", "AddV2", "y/product", "y/offset"),
    )
    np.testing.assert_array_equal(made.weights["y/offset"], f32([-13, -17, -21]))


def test_where_zeros_are_padded_the_shift_stays() -> None:
    wide = {"w": np.ones((3, 3, 2, 1), np.float32)}
    made = before(HALF, LESS, node("y", "Conv2D", "less", "w", padding="SAME"), weights=wide)
    assert made.nodes == (
        node("y/shifted", "AddV2", "x", "y/shift"),
        node("y", "Conv2D", "y/shifted", "y/rescaled", padding="SAME"),
    )
    np.testing.assert_allclose(made.weights["y/shift"], f32([-1 / 2, -3 / 10]))


def test_where_zeros_are_padded_a_scale_alone_goes() -> None:
    wide = {"w": np.ones((3, 3, 2, 1), np.float32)}
    made = before(HALF, node("y", "Conv2D", "half", "w", padding="SAME"), weights=wide)
    assert made.nodes == (node("y", "Conv2D", "x", "y/rescaled", padding="SAME"),)


def test_one_pixel_is_never_padded() -> None:
    made = before(HALF, LESS, node("y", "Conv2D", "less", "w", padding="SAME"))
    assert [each.op for each in made.nodes] == ["Conv2D", "AddV2"]


def test_depthwise_channels_keep_apart() -> None:
    deep = {"w": f32([[[[1, 2], [3, 4]]]])}
    conv = node("y", "DepthwiseConv2dNative", "less", "w", padding="VALID")
    made = before(HALF, LESS, conv, weights=deep)
    np.testing.assert_array_equal(made.weights["y/rescaled"], f32([[[[2, 4], [30, 40]]]]))
    np.testing.assert_array_equal(made.weights["y/offset"], f32([-1, -2, -9, -12]))


def test_matrix_products_scale_their_rows() -> None:
    made = absorb(
        graph(
            node("half", "Mul", "x", "s"),
            node("less", "Sub", "half", "m"),
            node("y", "MatMul", "less", "w"),
            outputs=["y"],
            weights={"s": f32([2, 10]), "m": f32([1, 3]), "w": f32([[1], [4]])},
        )
    )
    np.testing.assert_array_equal(made.weights["y/rescaled"], f32([[2], [40]]))
    np.testing.assert_array_equal(made.weights["y/offset"], f32([-13]))


@pytest.mark.parametrize(
    "nodes",
    [
        (HALF, node("y", "Conv2D", "half", "w", padding="VALID", data_format="NCHW")),
        (HALF, node("y", "Conv2D", "half", "gray", padding="VALID")),
        (node("color", "Mul", "gray", "s"), node("y", "Conv2D", "color", "w", padding="VALID")),
        (node("half", "Mul", "x", "x"), node("y", "Conv2D", "half", "w", padding="VALID")),
    ],
    ids=["channels first", "computed weights", "one channel becomes two", "no constant"],
)
def test_what_cannot_be_melted_stays(nodes: tuple[Node, ...]) -> None:
    assert before(*nodes).nodes == nodes


def test_a_single_shift_before_padding_stays_as_it_is() -> None:
    wide = {"w": np.ones((3, 3, 2, 1), np.float32)}
    nodes = node("less", "Sub", "x", "m"), node("y", "Conv2D", "less", "w", padding="SAME")
    assert before(*nodes, weights=wide).nodes == nodes
