"""How near TF.js comes to the source runtime.

There are two stages: the source against the export in float32, which only rounding may tell apart,
and that export against what ships, which may differ by what its weights were squeezed. A bundle
holds golden vectors, so that what ships can be compared with the source when that is out of reach.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from numpy.typing import NDArray

from converter import bundle, diverge, golden, measure, readers, tfjs
from converter.bundle import Files
from converter.errors import BundleError
from converter.examples import Examples, gathered
from converter.golden import Sample
from converter.graph import Graph
from converter.measure import Cases, Form, Run, Trials, difference, differences, largest
from converter.passes import optimise
from converter.readers import Source
from converter.readers import tfjs as tfjs_reader
from vision.card import Card, Stored, Tensor, resampled

FLOAT32, SHIPPED, GOLDEN = "source to float32", "float32 to shipped", "golden to shipped"
"""What is compared: the two stages, and golden vectors with what ships, which is both at once."""

ROUNDING = 1e-4
"""Largest difference from the source in float32, as a share of the largest output, or of 1."""


@dataclass(frozen=True)
class Result:
    """How one stage did on one backend.

    Attributes:
        stage: `FLOAT32`, `SHIPPED` or `GOLDEN`.
        backend: One of `converter.tfjs.BACKENDS`.
        error: Largest absolute difference; infinite for NaN.
        allowed: How large it may be.
        first: Time of the first case in ms, of the network that the stage leads to.
        later: Median time of the others in ms; of the first, if there are no others.
    """

    stage: str
    backend: str
    error: float
    allowed: float
    first: float
    later: float

    @property
    def passed(self) -> bool:
        """Whether the error is no larger than allowed."""
        return self.error <= self.allowed


@dataclass(frozen=True)
class Report:
    """What a check of a bundle found.

    Attributes:
        name: The bundle's.
        version: The bundle's.
        cases: How many golden vectors there are.
        tolerance: What the card allows.
        results: One for each stage and backend.
        diverges: Which node is to blame, in a sentence; empty if all is well.
    """

    name: str
    version: str
    cases: int
    tolerance: float
    results: tuple[Result, ...]
    diverges: str = ""

    @property
    def passed(self) -> bool:
        """Whether every stage did on every backend."""
        return all(result.passed for result in self.results)


def stages(runs: Sequence[Run], allowed: float) -> tuple[Result, ...]:
    """Judge both stages on every backend; the second may differ by ``allowed``."""
    float32 = (
        _result(FLOAT32, run.backend, run.trials.outputs, run.float32, rounding(run.trials))
        for run in runs
    )
    shipped = (
        _result(SHIPPED, run.backend, run.float32.outputs, run.shipped, allowed) for run in runs
    )
    return (*float32, *shipped)


def rounding(trials: Trials) -> float:
    """Return how much the export in float32 may differ from the source."""
    return ROUNDING * max(1.0, largest(trials.outputs))


def _result(
    stage: str, backend: str, expected: Cases, answers: tfjs.Answers, allowed: float
) -> Result:
    first, *others = answers.times
    later = median(others) if others else first
    error = difference(expected, answers.outputs)
    return Result(stage, backend, error, allowed, first, later)


def explain(
    source: Source, forms: tuple[Form, Form], runs: Sequence[Run], results: Sequence[Result]
) -> str:
    """Return which node a failed stage is to be blamed on, in a sentence; empty if none failed.

    Args:
        source: Where the network comes from.
        forms: The network in float32, and as it ships.
        runs: What was measured.
        results: How that was judged; see `stages`.
    """
    failed = next((each for each in results if not each.passed), None)
    if failed is None:
        return ""
    run = next(each for each in runs if each.backend == failed.backend)
    float32, shipped = forms
    if failed.stage == FLOAT32:
        case = run.trials.inputs[_worst(run.trials.outputs, run.float32.outputs)]
        expected, got = diverge.source(source, case), diverge.network(float32, run.backend, case)
        return _sentence(diverge.first(float32.graph.nodes, expected, got, ROUNDING))
    case = run.trials.inputs[_worst(run.float32.outputs, run.shipped.outputs)]
    expected, got = (diverge.network(form, run.backend, case) for form in forms)
    share = failed.allowed / largest(run.float32.outputs)
    return _sentence(diverge.first(shipped.graph.nodes, expected, got, share))


def _worst(expected: Cases, got: Cases) -> int:
    """Return the number of the case that differs most."""
    errors = differences(expected, got)
    return errors.index(max(errors))


def _sentence(found: diverge.Divergence | None) -> str:
    return str(found) if found else "no single node diverges by more than is allowed"


def check(
    directory: Path,
    source: Path | Source | None = None,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    examples: Examples = (),
) -> Report:
    """Replay a bundle's golden vectors on each backend; with its source, both stages as well.

    Args:
        directory: The bundle.
        source: What it was converted from.
        shapes: Shapes of inputs that the source leaves open, by name.
        examples: More inputs for both stages.

    Raises:
        BundleError: If the bundle is damaged, or its source takes and gives something else.
        SourceError: If the source cannot be read.
        ToolError: If Node or TF.js is missing, or cannot run the network.
    """
    card, files = bundle.load(directory)
    recorded, shipped = _recorded(card, files), Form(_graph(directory), files)
    results = tuple(_replay(card, files, recorded, backend) for backend in tfjs.BACKENDS)
    why = _compared(shipped, recorded, results)
    if source is not None:
        model = source if isinstance(source, Source) else readers.read(source, shapes)
        staged, found = _staged(model, shipped, recorded, card, examples)
        results, why = (*staged, *results), found or why
    return Report(
        card.name, card.version, len(card.golden.cases), card.parity.tolerance, results, why
    )


def _graph(directory: Path) -> Graph:
    """Return a bundle's network as it is."""
    return tfjs_reader.original(directory / "model.json").graph


def _recorded(card: Card, files: Files) -> Trials:
    data, cases = files[card.golden.path], card.golden.cases
    inputs = tuple(_like(_values(case.inputs, card.inputs, data), card.inputs) for case in cases)
    outputs = tuple(_values(case.outputs, card.outputs, data) for case in cases)
    return Trials(inputs, outputs, tuple(range(len(cases))))


def _values(
    stored: Sequence[Stored], tensors: Sequence[Tensor], data: bytes
) -> tuple[NDArray[Any], ...]:
    if [len(each.shape) for each in stored] != [len(each.shape) for each in tensors]:
        raise BundleError("golden vectors: their axes are not those of the model's tensors")
    pairs = zip(stored, tensors, strict=True)
    return tuple(each.values(data, tensor.dtype) for each, tensor in pairs)


def _like(
    arrays: Sequence[NDArray[Any]], others: Sequence[NDArray[Any] | Tensor]
) -> tuple[NDArray[Any], ...]:
    """Return arrays with the shapes of others."""
    pairs = zip(arrays, others, strict=True)
    return tuple(resampled(array, other.shape) for array, other in pairs)


def _replay(card: Card, files: Files, recorded: Trials, backend: str) -> Result:
    answers = tfjs.run(files, backend, (card.inputs, card.outputs), recorded.inputs)
    few = tuple(map(_like, answers.outputs, recorded.outputs))
    kept = tfjs.Answers(few, answers.times)
    return _result(GOLDEN, backend, recorded.outputs, kept, card.parity.tolerance)


def _compared(shipped: Form, recorded: Trials, results: Sequence[Result]) -> str:
    """Return where backends part, if one failed; empty if none did."""
    good, bad = ([each for each in results if each.passed is passed] for passed in (True, False))
    if not bad:
        return ""
    if not good:
        return "every backend fails alike; to find the node, check it with --source FILE"
    case = recorded.inputs[0]
    expected, got = (diverge.network(shipped, each[0].backend, case) for each in (good, bad))
    return _sentence(diverge.first(shipped.graph.nodes, expected, got, ROUNDING))


def _staged(
    source: Source, shipped: Form, recorded: Trials, card: Card, examples: Examples
) -> tuple[tuple[Result, ...], str]:
    """Return how both stages do, and which node is to blame if they do not."""
    graph = optimise(source.graph)
    outputs = tuple(output.tensor for output in graph.outputs)
    if (graph.inputs, outputs) != (card.inputs, card.outputs):
        raise BundleError(f"{card.name}: takes or gives something else than its source; convert it")
    float32 = Form(graph, bundle.network(graph, card.name, "none"))
    again = golden.record(source, [tuple(map(Sample, case)) for case in recorded.inputs])
    others = [*gathered(examples, graph.inputs), *golden.invent(graph.inputs)]
    runs = measure.run(float32, shipped, measure.trials(source, again, others))
    results = stages(runs, card.parity.tolerance)
    return results, explain(source, (float32, shipped), runs, results)
