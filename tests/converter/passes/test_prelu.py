import numpy as np
import pytest

from converter.graph import Graph, Node
from converter.passes.prelu import prelu
from converter.passes.prune import prune
from tests.converter.building import f32, graph, node


def rectified(sum_: Node, product: Node, of: str = "x") -> Graph:
    return graph(
        node("pos", "Relu", "x"),
        node("minus", "Neg", of),
        node("neg", "Relu", "minus"),
        product,
        sum_,
        outputs=["y"],
        inputs={"x": (1, 2), "z": (1, 2)},
        weights={"c": f32([-0.25, 2])},
    )


@pytest.mark.parametrize("operands", [("pos", "scaled"), ("scaled", "pos")])
@pytest.mark.parametrize("factors", [("c", "neg"), ("neg", "c")])
def test_five_operations_become_one(operands: tuple[str, str], factors: tuple[str, str]) -> None:
    made = rectified(node("y", "AddV2", *operands), node("scaled", "Mul", *factors))
    found = prune(prelu(made))
    assert found.nodes == (node("y", "Prelu", "x", "y/slope"),)
    np.testing.assert_array_equal(found.weights["y/slope"], f32([0.25, -2]))


@pytest.mark.parametrize(
    "other",
    [
        rectified(node("y", "AddV2", "pos", "scaled"), node("scaled", "Mul", "z", "neg")),
        rectified(node("y", "AddV2", "pos", "scaled"), node("scaled", "Mul", "c", "neg"), "z"),
        rectified(node("y", "AddV2", "pos", "scaled"), node("scaled", "Mul", "c", "pos")),
        rectified(node("y", "Sub", "pos", "scaled"), node("scaled", "Mul", "c", "neg")),
        rectified(node("y", "AddV2", "pos", "pos"), node("scaled", "Mul", "c", "neg")),
    ],
    ids=["computed slopes", "of another", "both positive", "a difference", "twice the same"],
)
def test_what_only_looks_like_it_stays(other: Graph) -> None:
    assert prelu(other) == other
