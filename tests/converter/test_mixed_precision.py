import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from card import Tensor
from converter import mixed_precision, quantize
from converter.graph import Attribute, Graph, Node, Output
from converter.measure import Cases
from converter.mixed_precision import Goal, Mix, find
from converter.pipeline import About, convert
from converter.readers import Source

SIDE = 16
CASES = [(np.full((1, SIDE), value, np.float32),) for value in (0.5, 1.0)]


def network() -> Graph:
    """Two products: uint8 is inaccurate for the first one's weights, exact for the second one's."""
    rough = np.full((SIDE, SIDE), 0.3, np.float32)
    rough[0, 0] = 100
    plain = np.eye(SIDE, dtype=np.float32)
    assert rough.size == plain.size == quantize.SMALLEST
    how: dict[str, Attribute] = {"fused_ops": ("BiasAdd",), "num_args": 1}
    nodes = (
        Node("y", "_FusedMatMul", ("x", "rough", "b1"), how),
        Node("z", "_FusedMatMul", ("y", "plain", "b2"), how),
    )
    bias = np.zeros(SIDE, np.float32)
    return Graph(
        (Tensor("x", (1, SIDE), "float32"),),
        (Output(Tensor("z", (1, SIDE), "float32"), "z"),),
        nodes,
        {"rough": rough, "plain": plain, "b1": bias, "b2": bias + 1},
    )


def stored_as(mix: Mix) -> dict[str, str]:
    return {
        name: each.entry.get("quantization", {"dtype": "none"})["dtype"]
        for name, each in mix.packed.items()
    }


def equal(exact: Cases, made: Cases) -> bool:
    return all(np.array_equal(a[0], b[0]) for a, b in zip(exact, made, strict=True))


def varied(exact: Cases, made: Cases) -> bool:
    """A goal that a bias correction cannot reach: it compares the difference of two cases."""
    (a, b), (c, d) = ([case[0] for case in cases] for cases in (exact, made))
    return bool(np.abs((b - a) - (d - c)).max() < 0.01)


@pytest.mark.parametrize(
    ("enough", "schemes"),
    [
        (lambda *_: True, {"rough": "uint8", "plain": "uint8"}),
        (varied, {"rough": "float16", "plain": "uint8"}),
        (equal, {"rough": "none", "plain": "float16"}),
    ],
    ids=["anything goes", "a little", "nothing"],
)
def test_the_weights_that_do_most_harm_get_more_bits(
    enough: mixed_precision.Enough, schemes: dict[str, str]
) -> None:
    told: list[str] = []
    mix = find(network(), Goal(CASES, enough), told.append)
    assert stored_as(mix) == schemes
    assert told[:3] == [
        "calibrate on 2 examples",
        "quantize each weight alone",
        "try 2 of 4 steps to more bits",
    ]


def test_biases_make_up_for_what_is_lost_on_average() -> None:
    mix = find(network(), Goal(CASES, lambda *_: True))
    packed = quantize.pack("rough", network().weights["rough"], "uint8")
    lost = network().weights["rough"] - quantize.unpack(packed)
    np.testing.assert_allclose(mix.graph.weights["b1"], 0.75 * lost.sum(axis=0), rtol=1e-5)
    np.testing.assert_array_equal(mix.graph.weights["b2"], 1)


def test_a_weight_that_float16_cannot_hold_becomes_float32() -> None:
    graph = network()
    weights = {**graph.weights, "rough": graph.weights["rough"] * 1000}
    graph = Graph(graph.inputs, graph.outputs, graph.nodes, weights)
    mix = find(graph, Goal(CASES, lambda a, b: varied(_shrunk(a), _shrunk(b))))
    assert stored_as(mix)["rough"] == "none"


def _shrunk(cases: Cases) -> Cases:
    return [(case[0] / 1000,) for case in cases]


def test_a_budget_is_a_share_of_the_largest_output() -> None:
    exact = [(np.array([1.0, -4.0]),)]
    enough = mixed_precision.within(0.25)
    assert enough(exact, [(np.array([2.0, -4.0]),)])
    assert not enough(exact, [(np.array([2.1, -4.0]),)])
    assert not enough(exact, [(np.array([np.nan, -4.0]),)])


def test_a_conversion_stays_inside_its_budget(tmp_path: Path) -> None:
    graph = network()

    def run(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [arrays[0] @ graph.weights["rough"] @ graph.weights["plain"] + 1]

    about = About("tiny", "Tiny", "Written by hand.")
    examples = [(each,) for (each,) in CASES]
    made = convert(
        Source(graph, "numpy", run), tmp_path / "tiny", about, "auto", examples, budget=1e-4
    )
    (manifest,) = json.loads(made.shipped.files["model.json"])["weightsManifest"]
    stored = {
        each["name"]: each.get("quantization", {}).get("dtype") for each in manifest["weights"]
    }
    assert stored == {"rough": "float16", "plain": "uint8", "b1": None, "b2": None}
    assert 0 < made.card.parity.shipped <= 1e-4 * 106
