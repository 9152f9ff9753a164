import numpy as np
import pytest

from card import Tensor
from converter import calibrate
from converter.calibrate import Inputs
from converter.graph import Attribute, Graph, Node, Output
from converter.quantize import Packed, Scheme, pack, unpack
from tests.converter.building import f32

LITTLE = 2.0**-12
"""An increment to 1 that float16 rounds away."""

FUSED: dict[str, Attribute] = {"fused_ops": ("BiasAdd",), "num_args": 1}


def product(
    op: str, weight: tuple[int, ...], given: tuple[int, ...], made: tuple[int, ...], **how: bool
) -> Graph:
    """A matrix product with weights slightly above 1, and a bias of zeros."""
    attributes: dict[str, Attribute] = {**FUSED, **how}
    if len(given) == 4:
        attributes |= {"strides": (1, 1, 1, 1), "padding": "VALID"}
    return Graph(
        (Tensor("x", given, "float32"),),
        (Output(Tensor("y", made, "float32"), "y"),),
        (Node("y", op, ("x", "w", "b"), attributes),),
        {"w": np.full(weight, 1 + LITTLE, np.float32), "b": np.zeros(made[-1], np.float32)},
    )


MATRIX = product("_FusedMatMul", (128, 2), (1, 128), (1, 2))


def corrected(graph: Graph, mean: list[float], scheme: Scheme = "float16") -> Graph:
    """Return the graph with its bias corrected for inputs with this mean."""
    packed = {"w": pack("w", graph.weights["w"], scheme)}
    return calibrate.corrected(graph, packed, {"y": Inputs(1, np.array(mean), None)})


def test_inputs_of_products_are_averaged_over_cases() -> None:
    cases = [(f32([[1, 2]]),), (f32([[3, 6]]),)]
    graph = product("_FusedMatMul", (2, 128), (1, 2), (1, 128))
    inputs = calibrate.measure(graph, cases)["y"]
    assert inputs.count == 2
    np.testing.assert_allclose(inputs.mean, [2, 4])
    assert inputs.squares is not None
    np.testing.assert_allclose(inputs.squares, [[5, 10], [10, 20]])


def test_inputs_of_products_are_averaged_over_pixels() -> None:
    graph = product("_FusedConv2D", (1, 1, 2, 128), (1, 1, 2, 2), (1, 1, 2, 128))
    inputs = calibrate.measure(graph, [(f32([[[[1, 2], [3, 6]]]]),)])["y"]
    assert inputs.count == 2
    np.testing.assert_allclose(inputs.mean, [2, 4])
    assert inputs.squares is not None
    np.testing.assert_allclose(inputs.squares, [[5, 10], [10, 20]])


def test_what_is_computed_on_the_way_is_seen() -> None:
    nodes = (Node("half", "Relu", ("x",)), Node("y", "_FusedMatMul", ("half", "w", "b"), FUSED))
    x, y = (Tensor(name, (1, 2), "float32") for name in "xy")
    weights = {"w": f32([[1, 0], [0, 1]]), "b": f32([1, 2])}
    graph = Graph((x,), (Output(y, "y"),), nodes, weights)
    cases = [(f32([[value, -value]]),) for value in range(6)]
    np.testing.assert_allclose(calibrate.measure(graph, cases)["y"].mean, [2.5, 0])


@pytest.mark.parametrize(
    ("op", "weight", "made"),
    [("_FusedConv2D", (3, 3, 2, 16), 16), ("FusedDepthwiseConv2dNative", (3, 3, 2, 2), 4)],
)
def test_of_wider_windows_the_means_alone_are_kept(
    op: str, weight: tuple[int, ...], made: int
) -> None:
    graph = product(op, weight, (1, 3, 3, 2), (1, 1, 1, made))
    inputs = calibrate.measure(graph, [(np.full((1, 3, 3, 2), 3, np.float32),)])["y"]
    np.testing.assert_allclose(inputs.mean, [3, 3])
    assert inputs.squares is None


def test_a_network_without_products_has_nothing_to_measure() -> None:
    x, y = (Tensor(name, (1, 2), "float32") for name in "xy")
    graph = Graph((x,), (Output(y, "y"),), (Node("y", "Relu", ("x",)),), {})
    assert calibrate.measure(graph, [(f32([[1, 2]]),)]) == {}


def test_a_bias_or_weight_that_others_use_too_stays() -> None:
    x, z = (Tensor(name, (1, 2), "float32") for name in "xz")
    for used in "wb":
        nodes = (Node("y", "_FusedMatMul", ("x", "w", "b"), FUSED), Node("z", "AddV2", ("y", used)))
        weights = {"w": f32([[1, 0], [0, 1]]), "b": f32([1, 2])}
        assert calibrate.products(Graph((x,), (Output(z, "z"),), nodes, weights)) == []


def whole(*rows: int) -> Packed:
    """Two rows of 128 equal values in steps of one."""
    stored = np.repeat(np.array(rows, np.uint8), 128)
    quantization = {"dtype": "uint8", "scale": 1.0, "min": -5.0}
    entry = {"name": "w", "shape": [2, 128], "dtype": "float32", "quantization": quantization}
    return Packed(entry, stored.tobytes())


@pytest.mark.parametrize(
    ("together", "count", "rows"),
    [
        (0.0, 8, (10, 20)),  # each for itself
        (1.0, 8, (10, 21)),  # 0.4 is missing in the first, so the second gets 20.4 + 0.4
        (-1.0, 8, (10, 20)),
        (1.0, 7, (10, 20)),  # too few to tell
    ],
)
def test_inputs_that_go_together_are_rounded_together(
    together: float, count: int, rows: tuple[int, int]
) -> None:
    graph = product("_FusedMatMul", (2, 128), (1, 2), (1, 128))
    weight = np.repeat(f32([[5.4], [15.4]]), 128, axis=1)
    squares = np.array([[2, together], [together, 1]])
    (where,) = calibrate.products(graph)
    inputs = Inputs(count, np.zeros(2), squares)
    made = calibrate.rounded(weight, whole(10, 20), where, inputs)
    np.testing.assert_array_equal(unpack(made), unpack(whole(*rows)))


def test_a_transposed_matrix_and_a_convolution_are_rounded_alike() -> None:
    weight = np.repeat(f32([[5.4], [15.4]]), 128, axis=1)
    inputs = Inputs(8, np.zeros(2), np.array([[2.0, 1.0], [1.0, 1.0]]))
    (turned,) = calibrate.products(
        product("_FusedMatMul", (128, 2), (1, 2), (1, 128), transpose_b=True)
    )
    nearest = whole(10, 20)
    data = np.frombuffer(nearest.data, np.uint8).reshape(2, 128)
    packed = Packed({**nearest.entry, "shape": [128, 2]}, data.T.copy().tobytes())
    made = calibrate.rounded(weight.T, packed, turned, inputs)
    np.testing.assert_array_equal(unpack(made), unpack(whole(10, 21)).T)
    (pixel,) = calibrate.products(
        product("_FusedConv2D", (1, 1, 2, 128), (1, 1, 1, 2), (1, 1, 1, 128))
    )
    packed = Packed({**nearest.entry, "shape": [1, 1, 2, 128]}, nearest.data)
    made = calibrate.rounded(weight[None, None], packed, pixel, inputs)
    np.testing.assert_array_equal(unpack(made), unpack(whole(10, 21))[None, None])


def test_rounding_together_stays_within_the_steps_there_are() -> None:
    graph = product("_FusedMatMul", (2, 128), (1, 2), (1, 128))
    weight = np.repeat(f32([[-7.0], [250.4]]), 128, axis=1)
    inputs = Inputs(8, np.zeros(2), np.array([[2.0, 1.0], [1.0, 1.0]]))
    (where,) = calibrate.products(graph)
    made = unpack(calibrate.rounded(weight, whole(0, 255), where, inputs))
    np.testing.assert_array_equal(made[:, 0], [-5, 248])  # -7 is out of reach by 2


def test_a_bias_takes_back_what_a_matrix_loses() -> None:
    made = corrected(MATRIX, [3.0] * 128)
    np.testing.assert_allclose(made.weights["b"], [128 * 3 * LITTLE] * 2)
    np.testing.assert_array_equal(made.weights["w"], MATRIX.weights["w"])
    np.testing.assert_array_equal(MATRIX.weights["b"], [0, 0])


def test_a_bias_takes_back_what_a_transposed_matrix_loses() -> None:
    graph = product("_FusedMatMul", (2, 128), (1, 128), (1, 2), transpose_b=True)
    np.testing.assert_allclose(corrected(graph, [3.0] * 128).weights["b"], [128 * 3 * LITTLE] * 2)


def test_a_bias_takes_back_what_a_convolution_loses() -> None:
    graph = product("_FusedConv2D", (3, 3, 2, 16), (1, 3, 3, 2), (1, 1, 1, 16))
    made = corrected(graph, [1.0, 10.0])
    np.testing.assert_allclose(made.weights["b"], [9 * 11 * LITTLE] * 16)


def test_each_channel_of_a_depthwise_convolution_takes_its_own_back() -> None:
    op, weight = "FusedDepthwiseConv2dNative", (8, 8, 2, 2)
    made = corrected(product(op, weight, (1, 8, 8, 2), (1, 1, 1, 4)), [1.0, 10.0])
    np.testing.assert_allclose(made.weights["b"], [64 * LITTLE] * 2 + [640 * LITTLE] * 2)


def test_what_loses_nothing_keeps_its_bias() -> None:
    np.testing.assert_array_equal(corrected(MATRIX, [3.0] * 128, "none").weights["b"], [0, 0])
