import numpy as np
import pytest
from numpy.typing import NDArray

from converter.graph import Graph, Node
from converter.passes.fuse import fuse
from tests.converter.building import f32, graph, i32, node

IMAGE = {"x": (1, 2, 2, 1)}
FILTERS = f32([[[[1, 2]]]])  # one input channel, two outputs
CONV = node("conv", "Conv2D", "x", "w", data_format="NHWC", padding="SAME", strides=(1, 1, 1, 1))


def conv_then(*nodes: Node, **weights: NDArray[np.float32]) -> Graph:
    made = graph(
        CONV, *nodes, outputs=[nodes[-1].name], inputs=IMAGE, weights={"w": FILTERS, **weights}
    )
    return fuse(made)


def test_convolution_bias_and_activation_become_one() -> None:
    fused = conv_then(node("sum", "BiasAdd", "conv", "b"), node("y", "Relu6", "sum"), b=f32([3, 4]))
    assert fused.nodes == (
        node(
            "y",
            "_FusedConv2D",
            "x",
            "w",
            "conv/bias",
            data_format="NHWC",
            padding="SAME",
            strides=(1, 1, 1, 1),
            fused_ops=("BiasAdd", "Relu6"),
            num_args=1,
        ),
    )
    np.testing.assert_array_equal(fused.weights["conv/bias"], f32([3, 4]))


def test_batch_normalization_goes_into_weights_and_bias() -> None:
    fused = conv_then(
        node("bias", "BiasAdd", "conv", "b"),
        node("scaled", "Mul", "bias", "s"),
        node("y", "AddV2", "scaled", "t"),
        b=f32([1, 1]),
        s=f32([10, 100]),
        t=f32([5, 6]),
    )
    (only,) = fused.nodes
    assert only.inputs == ("x", "conv/weights", "conv/bias")
    assert only.attributes["fused_ops"] == ("BiasAdd",)
    np.testing.assert_array_equal(fused.weights["conv/weights"], f32([[[[10, 200]]]]))
    np.testing.assert_array_equal(fused.weights["conv/bias"], f32([15, 106]))


@pytest.mark.parametrize(
    ("op", "operands", "weights", "bias"),
    [
        ("Mul", ("c", "conv"), [2, 8], [0, 0]),
        ("Add", ("c", "conv"), [1, 2], [2, 4]),
        ("Sub", ("conv", "c"), [1, 2], [-2, -4]),
        ("Sub", ("c", "conv"), [-1, -2], [2, 4]),
        ("RealDiv", ("conv", "c"), [0.5, 0.5], [0, 0]),
    ],
)
def test_each_kind_of_scale_and_shift(
    op: str, operands: tuple[str, str], weights: list[float], bias: list[float]
) -> None:
    fused = conv_then(node("y", op, *operands), c=f32([2, 4]))
    (only,) = fused.nodes
    np.testing.assert_array_equal(fused.weights[only.inputs[1]].reshape(-1), weights)
    np.testing.assert_array_equal(fused.weights["conv/bias"], bias)


@pytest.mark.parametrize("constant", [f32(3), f32([3]), f32([[[[3]]]]), f32([[[[3, 3]]]])])
def test_constants_may_broadcast_over_channels(constant: NDArray[np.float32]) -> None:
    fused = conv_then(node("y", "AddV2", "conv", "c"), c=constant)
    np.testing.assert_array_equal(fused.weights["conv/bias"], [3, 3])


def test_an_activation_alone_gets_a_bias_of_zeros() -> None:
    fused = conv_then(node("y", "Relu", "conv"))
    assert fused.nodes[0].attributes["fused_ops"] == ("BiasAdd", "Relu")
    np.testing.assert_array_equal(fused.weights["conv/bias"], [0, 0])


def test_depthwise_channels_run_over_inputs_and_multiplier() -> None:
    made = graph(
        node("conv", "DepthwiseConv2dNative", "x", "w"),
        node("scaled", "Mul", "conv", "s"),
        node("y", "Elu", "scaled"),
        outputs=["y"],
        inputs={"x": (1, 2, 2, 2)},
        weights={"w": f32([[[[1, 1], [1, 1]]]]), "s": f32([1, 2, 3, 4])},
    )
    fused = fuse(made)
    assert fused.nodes[0].op == "FusedDepthwiseConv2dNative"
    assert fused.nodes[0].attributes["fused_ops"] == ("BiasAdd", "Elu")
    np.testing.assert_array_equal(fused.weights["conv/weights"], f32([[[[1, 2], [3, 4]]]]))


@pytest.mark.parametrize("transposed", [False, True])
def test_matrix_products_scale_their_columns(transposed: bool) -> None:
    weights = f32([[1], [1]]) if transposed else f32([[1, 1]])
    made = graph(
        node("product", "MatMul", "x", "w", transpose_a=False, transpose_b=transposed),
        node("y", "Mul", "product", "s"),
        outputs=["y"],
        inputs={"x": (1, 1)},
        weights={"w": weights, "s": f32([3, 5])},
    )
    fused = fuse(made)
    assert fused.nodes[0].op == "_FusedMatMul"
    assert fused.nodes[0].attributes["transpose_b"] is False
    np.testing.assert_array_equal(fused.weights[fused.nodes[0].inputs[1]], [[3, 5]])


def test_the_slope_of_leaky_relu_is_kept() -> None:
    fused = conv_then(node("y", "LeakyRelu", "conv", alpha=0.25))
    (only,) = fused.nodes
    assert only.attributes["fused_ops"] == ("BiasAdd", "Prelu")
    assert only.attributes["num_args"] == 2
    np.testing.assert_array_equal(fused.weights[only.inputs[3]], f32([0.25, 0.25]))


@pytest.mark.parametrize("slopes", [f32([3, 4]), f32([[[3, 4]]])])
def test_learned_slopes_are_the_last_input(slopes: NDArray[np.float32]) -> None:
    fused = conv_then(node("y", "Prelu", "conv", "c"), c=slopes)
    assert fused.nodes[0].attributes["fused_ops"] == ("BiasAdd", "Prelu")
    assert fused.nodes[0].attributes["num_args"] == 2
    assert fused.nodes[0].inputs == ("x", "w", "conv/bias", "conv/slopes")
    np.testing.assert_array_equal(fused.weights["conv/slopes"], f32([3, 4]))


def test_one_slope_serves_all_channels() -> None:
    fused = conv_then(node("y", "Prelu", "conv", "c"), c=f32([3]))
    np.testing.assert_array_equal(fused.weights["conv/slopes"], f32([3, 3]))


def test_weights_that_are_shared_are_scaled_for_each_user() -> None:
    made = graph(
        CONV,
        node("y", "Mul", "conv", "s"),
        node("other", "Conv2D", "x", "w"),
        outputs=["y", "other"],
        inputs=IMAGE,
        weights={"w": FILTERS, "s": f32(2)},
    )
    fused = fuse(made)
    assert [each.inputs[1] for each in fused.nodes] == ["conv/weights", "w"]
    np.testing.assert_array_equal(fused.weights["w"], FILTERS)


def unfusable() -> dict[str, Graph]:
    relu = node("y", "Relu", "conv")
    add = node("y", "AddV2", "conv", "c")

    def with_conv(conv: Node, *nodes: Node, **weights: NDArray[np.float32]) -> Graph:
        sides = {"x": (1, 2, 2, 1), "z": (1, 1, 1, 2)}
        return graph(conv, *nodes, outputs=["y"], inputs=sides, weights={"w": FILTERS, **weights})

    return {
        "weights that are computed": with_conv(node("conv", "Conv2D", "x", "z"), relu),
        "weights of whole numbers": graph(
            node("conv", "MatMul", "x", "w"), relu, outputs=["y"], weights={"w": i32([[1], [1]])}
        ),
        "channels first": with_conv(node("conv", "Conv2D", "x", "w", data_format="NCHW"), relu),
        "a result that something else needs": with_conv(CONV, relu, node("z2", "Exp", "conv")),
        "a constant for each pixel": with_conv(CONV, add, c=f32(np.ones((2, 2, 1)))),
        "a constant for each row": with_conv(CONV, add, c=f32([[[1]], [[2]]])),
        "a constant with more axes": with_conv(CONV, add, c=f32(np.ones((1, 1, 1, 1, 2)))),
        "a sum of two results": with_conv(CONV, node("y", "AddV2", "conv", "z")),
        "a constant divided by the result": with_conv(
            CONV, node("y", "RealDiv", "c", "conv"), c=f32([1, 2])
        ),
        "a slope for each pixel": with_conv(
            CONV, node("y", "Prelu", "conv", "c"), c=f32(np.ones((2, 2, 2)))
        ),
        "slopes that are computed": with_conv(CONV, node("y", "Prelu", "conv", "z")),
    }


@pytest.mark.parametrize("why", unfusable())
def test_what_must_not_be_fused_stays(why: str) -> None:
    made = unfusable()[why]
    assert fuse(made).nodes == made.nodes


def test_an_output_in_the_middle_stays() -> None:
    made = graph(
        CONV,
        node("mid", "AddV2", "conv", "c"),
        node("y", "Relu", "mid"),
        outputs=["mid", "y"],
        inputs=IMAGE,
        weights={"w": FILTERS, "c": f32([1, 2])},
    )
    assert [each.op for each in fuse(made).nodes] == ["_FusedConv2D", "Relu"]
