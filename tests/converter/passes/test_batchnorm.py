import numpy as np
import pytest

from converter.graph import Attribute, Graph
from converter.passes.batchnorm import batchnorm
from tests.converter.building import f32, graph, node

STATISTICS = {"scale": f32([2, 8]), "offset": f32([1, 2]), "mean": f32([3, 4]), "var": f32([3, 15])}


def normalised(op: str = "FusedBatchNormV3", by: str = "mean", **attributes: Attribute) -> Graph:
    given: dict[str, Attribute] = {"is_training": False, "epsilon": 1.0, **attributes}
    norm = node("y", op, "x", "scale", "offset", by, "var", **given)
    sides = {"x": (1, 1, 1, 2), "z": (2,)}
    return graph(norm, outputs=["y"], inputs=sides, weights=STATISTICS)


@pytest.mark.parametrize("op", ["FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"])
def test_it_becomes_a_product_and_a_sum(op: str) -> None:
    made = batchnorm(normalised(op))
    assert made.nodes == (
        node("y/scaled", "Mul", "x", "y/scale"),
        node("y", "AddV2", "y/scaled", "y/shift"),
    )
    np.testing.assert_array_equal(made.weights["y/scale"], f32([1, 2]))  # 2 / 2, 8 / 4
    np.testing.assert_array_equal(made.weights["y/shift"], f32([-2, -6]))  # 1 - 3 * 1, 2 - 4 * 2


@pytest.mark.parametrize(
    "other",
    [normalised(is_training=True), normalised(data_format="NCHW"), normalised(by="z")],
    ids=["training", "channels first", "computed"],
)
def test_other_normalization_stays(other: Graph) -> None:
    assert batchnorm(other).nodes == other.nodes


def test_statistics_that_are_used_stay() -> None:
    made = normalised()
    used = graph(*made.nodes, outputs=["y", "y:1"], inputs={"x": (1, 1, 1, 2)}, weights=STATISTICS)
    assert batchnorm(used).nodes == used.nodes
