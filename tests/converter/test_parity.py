from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from card import Parity, Tensor
from converter import bundle, golden, measure, parity, pipeline, stages, tfjs
from converter.errors import BundleError, ParityError
from converter.graph import Graph, Output
from converter.measure import Form, Run
from converter.readers import Source
from tests.converter.building import MATRIX, f32, graph, node, source


def test_the_largest_difference_counts() -> None:
    expected = [(f32([1, 2]), f32([0])), (f32([3, 4]), f32([5]))]
    got = [(f32([1, 2.5]), f32([0])), (f32([3, 4]), f32([4]))]
    assert measure.difference(expected, got) == 1
    assert measure.differences(expected, got) == [0.5, 1]
    assert measure.difference(expected, expected) == 0


@pytest.mark.parametrize(("a", "b"), [(np.nan, 0), (0, np.nan), (np.inf, np.inf)])
def test_nan_is_infinitely_wrong(a: float, b: float) -> None:
    assert measure.difference([(f32([a]),)], [(f32([b]),)]) == np.inf


def test_a_good_bundle_passes_on_every_backend(made: Path) -> None:
    report = parity.check(made)
    assert report.passed
    assert report.card.name == "tiny"
    assert [result.backend for result in report.results] == list(tfjs.BACKENDS)
    assert all(result.error < 1e-6 for result in report.results)


def test_a_bundle_that_answers_otherwise_fails(made: Path) -> None:
    card, files = bundle.load(made)
    wrong = bundle.network(
        replace(source().graph, weights={"w": f32([[1, 2], [3, 4.5]])}), "m", "none"
    )
    files = {**wrong, card.golden.path: files[card.golden.path]}
    bundle.save(made, replace(card, files=bundle.listing(files)).sealed(), files)
    report = parity.check(made)
    assert not report.passed
    assert [result.error for result in report.results] == pytest.approx([1, 1])


def test_golden_vectors_must_have_the_model_s_axes(made: Path) -> None:
    card, files = bundle.load(made)
    (case,) = card.golden.cases
    bad = replace(case, inputs=(replace(case.inputs[0], shape=(2,)),))
    card = replace(card, golden=replace(card.golden, cases=(bad,))).sealed()
    bundle.save(made, card, files)
    with pytest.raises(BundleError, match="their axes are not those of the model's tensors"):
        parity.check(made)


def runs(float32: Graph, shipped: Graph) -> tuple[Run, ...]:
    model = source()
    vectors = golden.record(model, golden.invent(model.graph.inputs))
    one, other = (Form(each, bundle.network(each, "m", "none")) for each in (float32, shipped))
    return measure.run(one, other, measure.trials(model, vectors, ()))


def test_both_stages_are_measured_on_every_backend() -> None:
    off = replace(source().graph, weights={"w": f32([[1, 2], [3, 4.25]])})
    found = runs(source().graph, off)
    assert [len(run.trials.inputs) for run in found] == [1, golden.INVENTED]
    results = [*map(stages.judge, stages.pairs(found, 0.1))]
    assert [(each.stage, each.backend, each.passed) for each in results] == [
        (stages.FLOAT32, "cpu", True),
        (stages.FLOAT32, "wasm", True),
        (stages.SHIPPED, "cpu", False),
        (stages.SHIPPED, "wasm", False),
    ]
    largest = max(inputs[0][0, 1] for inputs in found[1].trials.inputs)
    assert results[3].error == pytest.approx(largest / 4, rel=1e-5)
    assert results[1].error < results[1].allowed < 1e-3


def test_a_network_that_ships_as_it_is_runs_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ran, run_all = list[int](), tfjs.run_all

    def counting(networks: Sequence[tfjs.Network], backend: str) -> Any:
        ran.append(len(networks))
        return run_all(networks, backend)

    monkeypatch.setattr(tfjs, "run_all", counting)
    found = runs(source().graph, source().graph)
    assert ran == [1, 1]
    assert all(run.float32 is run.shipped for run in found)


def test_plain_javascript_runs_one_case_of_each_kind() -> None:
    model = source()
    real = golden.record(model, golden.invent(model.graph.inputs))
    both = measure.trials(model, real, golden.invent(model.graph.inputs))
    assert len(both.on("wasm").inputs) == 2 * golden.INVENTED
    first, last = both.on("cpu").inputs
    np.testing.assert_array_equal(first[0], both.inputs[0][0])
    np.testing.assert_array_equal(last[0], both.inputs[-1][0])


def test_with_its_source_both_stages_are_checked(made: Path) -> None:
    report = parity.check(made, source(), examples=[(f32([[5, 6]]),)])
    assert report.passed
    assert [each.stage for each in report.results] == [
        *[stages.FLOAT32] * 2,
        *[stages.SHIPPED] * 2,
        *[stages.GOLDEN] * 2,
    ]


def deep(middle: float) -> Source:
    """Three products; the second one has this weight, but its source uses the unit matrix."""
    weights = {"a": MATRIX, "b": f32([[1, 0], [0, middle]]), "c": MATRIX}
    nodes = [
        node("first", "MatMul", "x", "a", transpose_a=False, transpose_b=False),
        node("second", "MatMul", "first", "b", transpose_a=False, transpose_b=False),
        node("y", "MatMul", "second", "c", transpose_a=False, transpose_b=False),
    ]

    def trace(arrays: Sequence[NDArray[Any]]) -> dict[str, NDArray[Any]]:
        return {"first": arrays[0] @ MATRIX, "second": arrays[0] @ MATRIX}

    def run(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [arrays[0] @ MATRIX @ MATRIX]

    return Source(graph(*nodes, outputs=["y"], weights=weights), "numpy", run, trace)


def test_a_translation_that_is_wrong_is_refused_and_its_node_named(tmp_path: Path) -> None:
    about = pipeline.About("deep", "Deep", "Written by hand.")
    with pytest.raises(
        ParityError,
        match=r"in float32 .* that of numpy on cpu by .*; the first node that diverges is "
        r"MatMul second, by .* \(compared before it: 1\); nothing was written",
    ):
        pipeline.convert(deep(1.5), tmp_path / "deep", about, "none")
    assert not list(tmp_path.iterdir())


def test_a_bundle_with_a_broken_node_is_found_and_the_node_named(tmp_path: Path) -> None:
    out = tmp_path / "deep"
    pipeline.convert(deep(1), out, pipeline.About("deep", "Deep", "Written by hand."), "none")
    card, files = bundle.load(out)
    broken = {
        **bundle.network(deep(1.5).graph, "m", "none"),
        card.golden.path: files[card.golden.path],
    }
    bundle.save(out, replace(card, files=bundle.listing(broken)).sealed(), broken)
    assert "every backend fails alike; to find the node" in parity.check(out).diverges
    report = parity.check(out, deep(1))
    assert not report.passed
    assert "the first node that diverges is MatMul second" in report.diverges


def test_where_backends_part_is_told_without_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "deep"
    pipeline.convert(deep(1), out, pipeline.About("deep", "Deep", "Written by hand."), "none")
    _, files = bundle.load(out)
    wrong = bundle.network(deep(1.5).graph, "deep", "none")
    run_all = tfjs.run_all

    def broken(networks: Sequence[tfjs.Network], backend: str) -> Any:
        """Make WebAssembly compute the second product incorrectly."""
        assert wrong.keys() != files.keys()
        chosen = [replace(each, files=wrong) if backend == "wasm" else each for each in networks]
        return run_all(chosen, backend)

    monkeypatch.setattr(tfjs, "run_all", broken)
    report = parity.check(out)
    assert [each.passed for each in report.results] == [True, False]
    assert report.diverges.startswith("the first node that diverges is MatMul second")


def test_a_source_of_another_shape_is_refused(made: Path) -> None:
    other = replace(
        source(), graph=graph(node("y", "Relu", "x"), outputs=["y"], inputs={"x": (1, 3)})
    )
    with pytest.raises(BundleError, match="tiny: takes or gives something else than its source"):
        parity.check(made, other)


def test_what_quantization_may_cost_is_limited(tmp_path: Path) -> None:
    weights = np.random.default_rng(0).normal(size=(2, 300)).astype(np.float32)
    weights[0, 0] = 300
    product = node("y", "MatMul", "x", "w", transpose_a=False, transpose_b=False)
    made = graph(product, outputs=["y"], weights={"w": weights})
    wide = replace(made, outputs=(Output(Tensor("y", (1, 300), "float32"), "y"),))
    model = Source(wide, "numpy", lambda arrays: [arrays[0] @ weights])
    about = pipeline.About("wide", "Wide", "Written by hand.")
    pipeline.convert(model, tmp_path / "wide", about, "uint8")
    with pytest.raises(ParityError, match=r"fewer bits .* is MatMul y, by .*more with --budget"):
        pipeline.convert(model, tmp_path / "strict", about, "uint8", budget=1e-6)
    assert not (tmp_path / "strict").exists()


def test_the_card_s_parity_is_what_is_checked(made: Path) -> None:
    card, files = bundle.load(made)
    strict = replace(card, parity=Parity("numpy", 0.0, 0.0, -1.0)).sealed()
    bundle.save(made, strict, files)
    assert not parity.check(made).passed
