import numpy as np
import pytest

from converter import bundle
from converter.losses import losses
from tests.converter.building import f32, graph, i32, node


def test_the_worst_weight_comes_first() -> None:
    even = np.tile(f32([-1, 1]), (16, 8))
    uneven = np.tile(f32([0.001, 1]), (16, 8))
    made = graph(
        node("a", "Mul", "x", "even"),
        node("b", "MatMul", "a", "uneven"),
        node("c", "Mul", "b", "few"),
        node("d", "GatherV2", "c", "places", "places"),
        outputs=["d"],
        weights={"few": f32([0.1]), "even": even, "uneven": uneven, "places": i32(0)},
    )
    found = losses(made, bundle.network(made, "m", "uint8"))
    assert [(each.name, each.op, each.dtype, each.bytes) for each in found] == [
        ("even", "Mul", "uint8", 256),
        ("uneven", "MatMul", "uint8", 256),
        ("few", "Mul", "float32", 4),
    ]
    # even: 256 steps from -1 to 1, and 0 falls on one of them, so one end is half a step off
    assert found[0].largest == pytest.approx(1 / 255, rel=1e-3)
    # uneven: 0.001 becomes 0; sqrt(128) * 0.001 of sqrt(128 * (1 + 1e-6))
    assert found[1].error == pytest.approx(1e-3, rel=1e-3)
    assert found[2].error == 0


def test_weights_that_changed_their_shape_are_left_out() -> None:
    one = graph(outputs=["w", "v"], weights={"w": f32([[1, 2]]), "v": f32([0.5])})
    other = graph(outputs=["w", "v"], weights={"w": f32([1, 2, 3]), "v": f32([0.5])})
    assert [each.name for each in losses(one, bundle.network(other, "m", "none"))] == ["v"]
