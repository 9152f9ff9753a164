from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from converter import bundle, diverge
from converter.measure import Form
from converter.passes import optimise
from converter.readers import Source
from converter.readers import tfjs as tfjs_reader
from tests.converter.building import f32, graph, i32, node, source

CHAIN = [node("a", "Relu", "x"), node("b", "Exp", "a"), node("c", "Neg", "b")]


def test_the_first_node_that_differs_is_found() -> None:
    expected = {"a": f32([1, 2]), "b": f32([3, 4]), "c": f32([5, 6])}
    got = {"a": f32([1, 2]), "b": f32([3, 6]), "c": f32([5, 9])}
    found = diverge.first(CHAIN, expected, got, 0.25)
    assert found == diverge.Divergence("b", "Exp", 2, 1, 1)
    assert str(found) == (
        "the first node that diverges is Exp b, by 2 where 1 is allowed (compared before it: 1)"
    )
    assert diverge.first(CHAIN, expected, got, 0.5) is None


def test_what_one_side_does_not_show_is_passed_over() -> None:
    found = diverge.first(CHAIN, {"c": f32([1])}, {"a": f32([7]), "c": f32([2])}, 0.1)
    assert found is not None
    assert (found.node, found.agreed) == ("c", 0)


@pytest.mark.parametrize(
    ("a", "b", "gap"),
    [
        (f32([[1, 2, 3], [4, 5, 6]]), f32([[1, 4], [2, 5], [3, 6]]), 0),
        (f32([[1, 2], [3, 4]]), f32([[1, 3], [2, 5]]), 1),
        (f32([[1, 2]]), f32([1, 2]), 0),
        (f32([1, 2]), f32([1, 2, 3]), np.inf),
        (f32([[1, 2, 3, 4]]), f32([[1, 2], [3, 4]]), np.inf),
        (f32([np.inf]), f32([np.inf]), 0),
        (f32([np.nan]), f32([1]), np.inf),
    ],
)
def test_axes_may_have_another_order(a: Any, b: Any, gap: float) -> None:
    assert diverge.gap(a, b) == gap


def test_noise_where_values_cancel_out_is_no_divergence() -> None:
    assert diverge.first(CHAIN, {"a": f32([0])}, {"a": f32([9e-7])}, 1e-4) is None
    assert diverge.first(CHAIN, {"a": f32([0])}, {"a": f32([2e-6])}, 1e-4) is not None


def test_what_a_source_transposes_is_known_before_it_is() -> None:
    turned = [node("a", "Relu", "x"), node("t", "Transpose", "a", "order")]
    made = graph(*turned, outputs=["t"], weights={"order": i32([1, 0])})

    def run(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [arrays[0].T]

    def trace(arrays: Sequence[NDArray[Any]]) -> dict[str, NDArray[Any]]:
        return {"t": arrays[0].T}

    known = diverge.source(Source(made, "numpy", run, trace), [f32([[1, 2]])])
    assert set(known) == {"a", "t"}


def test_a_source_that_shows_nothing_still_gives_its_outputs() -> None:
    assert list(diverge.source(source(), [f32([[1, 2]])])) == ["y"]


def test_what_a_graph_model_computes_on_the_way_is_shown(tmp_path: Path) -> None:
    made = graph(*CHAIN, outputs=["c"])
    files = bundle.network(made, "m", "none")
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    case = [f32([[-1, 2]])]
    model = tfjs_reader.read(tmp_path / "model.json")
    for shown in (diverge.source(model, case), diverge.network(Form(made, files), "wasm", case)):
        np.testing.assert_allclose(shown["a"], [[0, 2]])
        np.testing.assert_allclose(shown["b"], [[1, np.exp(2)]], rtol=1e-5)
        np.testing.assert_allclose(shown["c"], [[-1, -np.exp(2)]], rtol=1e-5)


def test_passes_keep_names_for_what_means_the_same() -> None:
    before = graph(*CHAIN, node("d", "Identity", "c"), outputs=["d"])
    form = Form(before, bundle.network(before, "m", "none"))
    after = optimise(before)
    case = [f32([[-1, 2]])]
    got = diverge.network(Form(after, bundle.network(after, "m", "none")), "cpu", case)
    assert {"a", "b", "d"} <= set(got)
    assert diverge.first(before.nodes, diverge.network(form, "cpu", case), got, 1e-6) is None
