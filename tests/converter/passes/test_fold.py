import numpy as np
import pytest
from numpy.typing import NDArray

from converter.graph import Attribute, DType, Node
from converter.passes.fold import fold
from tests.converter.building import f32, graph, i32, node


@pytest.mark.parametrize("op", ["Identity", "StopGradient", "Snapshot", "EnsureShape"])
def test_idle_nodes_vanish(op: str) -> None:
    folded = fold(
        graph(node("a", op, "x"), node("b", op, "a"), node("c", "Relu", "b"), outputs=["c", "b"])
    )
    assert folded.nodes == (node("c", "Relu", "x"),)
    assert [output.source for output in folded.outputs] == ["c", "x"]


@pytest.mark.parametrize(
    ("old", "new", "idle"),
    [
        ("DT_HALF", "DT_FLOAT", True),
        ("DT_INT64", "DT_INT32", True),
        ("DT_FLOAT", "DT_INT32", False),
        ("DT_INT32", "DT_UINT8", False),
    ],
)
def test_a_cast_between_types_that_are_one_in_tfjs_vanishes(old: str, new: str, idle: bool) -> None:
    cast = node("y", "Cast", "x", SrcT=DType(old), DstT=DType(new))
    assert fold(graph(cast, outputs=["y"])).nodes == (() if idle else (cast,))


def test_a_constant_of_a_type_that_tfjs_lacks_stays() -> None:
    cast = node("y", "Cast", "w", SrcT=DType("DT_INT32"), DstT=DType("DT_UINT8"))
    assert fold(graph(cast, outputs=["y"], weights={"w": i32(300)})).nodes == (cast,)


def test_an_idle_node_behind_a_second_output_stays() -> None:
    nodes = node("a", "Split", "x"), node("b", "Identity", "a:1")
    assert fold(graph(*nodes, outputs=["b"])).nodes == nodes


def test_constants_are_computed_through_several_nodes() -> None:
    folded = fold(
        graph(
            node("sum", "AddV2", "w", "v"),
            node("root", "Rsqrt", "sum"),
            node("y", "Mul", "x", "root"),
            outputs=["y"],
            weights={"w": f32([3, 8]), "v": f32(1)},
        )
    )
    assert folded.nodes == (node("y", "Mul", "x", "root"),)
    np.testing.assert_allclose(folded.weights["root"], [1 / 2, 1 / 3], rtol=1e-7)
    assert folded.weights["root"].dtype == np.float32


@pytest.mark.parametrize(
    ("op", "operands", "expected"),
    [
        ("Sub", [f32([5]), f32([3])], [2]),
        ("RealDiv", [f32([6]), f32([3])], [2]),
        ("Maximum", [f32([1, 5]), f32([3])], [3, 5]),
        ("Minimum", [f32([1, 5]), f32([3])], [1, 3]),
        ("Neg", [f32([1])], [-1]),
        ("Square", [f32([-3])], [9]),
        ("Sqrt", [f32([9])], [3]),
        ("Exp", [f32([0])], [1]),
        ("Reshape", [f32([1, 2]), i32([-1, 1])], [[1], [2]]),
        ("Transpose", [f32([[1, 2]]), i32([1, 0])], [[1], [2]]),
        ("ExpandDims", [f32([1, 2]), i32(-1)], [[1], [2]]),
        ("Squeeze", [f32([[1, 2]])], [1, 2]),
        ("ConcatV2", [f32([[1]]), f32([[2]]), i32(1)], [[1, 2]]),
        ("Pack", [i32(1), i32(2)], [1, 2]),
    ],
)
def test_each_operation_is_computed_as_tensorflow_does(
    op: str, operands: list[NDArray[np.float32]], expected: object
) -> None:
    weights = {f"w{i}": operand for i, operand in enumerate(operands)}
    folded = fold(graph(node("y", op, *weights), outputs=["y"], weights=weights))
    assert folded.nodes == ()
    np.testing.assert_array_equal(folded.weights["y"], expected)


@pytest.mark.parametrize(
    ("op", "attributes", "expected"),
    [
        ("Pack", {"axis": 1}, f32([[1.5, 1.5], [2, 2]])),
        ("Squeeze", {"squeeze_dims": (0, 2)}, f32([[1.5], [2]])),
        ("Cast", {"DstT": DType("DT_INT64")}, i32([1, 2])),
    ],
)
def test_attributes_are_heeded(
    op: str, attributes: dict[str, Attribute], expected: NDArray[np.float32]
) -> None:
    inputs = ["w", "w"] if op == "Pack" else ["w"]
    weight = f32([1.5, 2]) if op != "Squeeze" else f32([1.5, 2]).reshape(1, 2, 1, 1)
    made = graph(node("y", op, *inputs, **attributes), outputs=["y"], weights={"w": weight})
    folded = fold(made).weights["y"]
    np.testing.assert_array_equal(folded, expected)
    assert folded.dtype == expected.dtype


def test_arrays_without_axes_stay_arrays() -> None:
    made = graph(node("y", "Neg", "w"), outputs=["y"], weights={"w": f32(2)})
    folded = fold(made).weights["y"]
    assert isinstance(folded, np.ndarray)
    assert folded.shape == ()
    assert folded.dtype == np.float32


def test_what_is_not_known_how_to_compute_stays() -> None:
    made = graph(node("y", "Erf", "w"), outputs=["y"], weights={"w": f32([1])})
    assert fold(made).nodes == made.nodes


def test_sparse_constants_become_dense() -> None:
    made = graph(
        node("y", "SparseToDense", "places", "shape", "values", "rest"),
        outputs=["y"],
        weights={
            "places": i32([[0], [2]]),
            "shape": i32([3]),
            "values": i32([7, 9]),
            "rest": i32(-1),
        },
    )
    np.testing.assert_array_equal(fold(made).weights["y"], [7, -1, 9])


@pytest.mark.parametrize(
    "nodes",
    [
        [node("y", "SparseToDense", "places", "sides", "value", "value")],
        [node("y", "Mul", "column", "row")],
    ],
    ids=["sparse", "outer product"],
)
def test_constants_far_larger_than_their_file_are_not_made(nodes: list[Node]) -> None:
    weights = {
        "places": i32([[0, 0]]),
        "sides": i32([2**16, 2**15]),
        "value": f32(1),
        "column": np.ones((2**16, 1), np.float32),
        "row": np.ones((1, 2**15), np.float32),
    }
    made = fold(graph(*nodes, outputs=["y"], weights=weights))
    assert [each.name for each in made.nodes] == ["y"]
    assert "y" not in made.weights
