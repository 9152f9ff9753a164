"""Checks a bundle: replays its golden vectors, and compares it with its source if one is given.

Golden vectors compare the shipped network with the source's recorded answers. With the source,
both stages of parity are measured again; see `converter.stages`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from card import Card, Stored, Tensor, resampled
from converter import bundle, diverge, golden, measure, readers, tfjs
from converter.bundle import Files
from converter.errors import BundleError
from converter.examples import Examples, gathered
from converter.golden import Sample
from converter.graph import Graph
from converter.measure import Form, Trials
from converter.passes import optimise
from converter.readers import Source
from converter.readers import tfjs as tfjs_reader
from converter.stages import GOLDEN, ROUNDING, Pair, Result, explain, judge, pairs, sentence


@dataclass(frozen=True)
class Report:
    """Result of a check.

    Attributes:
        card: The bundle's card.
        pairs: The comparisons: golden vectors, and both stages if the source was given.
        results: Error and verdict of each comparison.
        diverges: A sentence that names the first node that diverges; empty if all passed.
        shipped: The shipped network.
        float32: The source's network in float32, if it was given.
    """

    card: Card
    pairs: tuple[Pair, ...] = field(repr=False)
    results: tuple[Result, ...]
    diverges: str
    shipped: Form = field(repr=False)
    float32: Form | None = field(repr=False)

    @property
    def passed(self) -> bool:
        """Whether every comparison passed on every backend."""
        return all(result.passed for result in self.results)


def check(
    directory: Path,
    source: Path | Source | None = None,
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    examples: Examples = (),
) -> Report:
    """Replay a bundle's golden vectors on each backend; with its source, measure both stages too.

    Args:
        directory: The bundle.
        source: The model that it was converted from, as a file or a source from a reader.
        shapes: Shapes of inputs that the source leaves open, by name.
        examples: More inputs for both stages.

    Raises:
        BundleError: If the bundle is damaged, or its source has other inputs or outputs.
        SourceError: If the source cannot be read.
        ToolError: If Node or TF.js is missing, or cannot run the network.
    """
    card, files = bundle.load(directory)
    recorded, shipped = _recorded(card, files), Form(_graph(directory, card), files)
    pairs = tuple(_replay(card, files, recorded, backend) for backend in tfjs.BACKENDS)
    diverges, float32 = _compared(shipped, recorded, pairs), None
    if source is not None:
        model = source if isinstance(source, Source) else readers.read(source, shapes)
        staged, float32, found = _staged(model, shipped, recorded, card, examples)
        pairs, diverges = (*staged, *pairs), found or diverges
    return Report(card, pairs, tuple(map(judge, pairs)), diverges, shipped, float32)


def _graph(directory: Path, card: Card) -> Graph:
    """Return a bundle's network, with inputs of the shapes in its card."""
    shapes = {each.name: each.shape for each in card.inputs}
    return tfjs_reader.original(directory / "model.json", shapes).graph


def _recorded(card: Card, files: Files) -> Trials:
    """Return the golden cases of a bundle."""
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
    """Return arrays resampled to the shapes of others."""
    pairs = zip(arrays, others, strict=True)
    return tuple(resampled(array, other.shape) for array, other in pairs)


def _replay(card: Card, files: Files, recorded: Trials, backend: str) -> Pair:
    answers = tfjs.run(files, backend, (card.inputs, card.outputs), recorded.inputs)
    sampled = tuple(map(_like, answers.outputs, recorded.outputs))
    got = tfjs.Answers(sampled, answers.times)
    return Pair(GOLDEN, backend, recorded.outputs, got, card.parity.tolerance)


def _compared(shipped: Form, recorded: Trials, pairs: Sequence[Pair]) -> str:
    """Return a sentence that names the first node on which backends differ; empty if all passed."""
    results = [*map(judge, pairs)]
    good, bad = ([each for each in results if each.passed is passed] for passed in (True, False))
    if not bad:
        return ""
    if not good:
        return "every backend fails alike; to find the node, check it with --source FILE"
    case = recorded.inputs[0]
    expected, got = (diverge.network(shipped, each[0].backend, case) for each in (good, bad))
    return sentence(diverge.first(shipped.graph.nodes, expected, got, ROUNDING))


def _staged(
    source: Source, shipped: Form, recorded: Trials, card: Card, examples: Examples
) -> tuple[tuple[Pair, ...], Form, str]:
    """Return both stages, the network in float32, and a sentence about the node that diverges."""
    graph = optimise(source.graph)
    outputs = tuple(output.tensor for output in graph.outputs)
    if (graph.inputs, outputs) != (card.inputs, card.outputs):
        raise BundleError(f"{card.name}: takes or gives something else than its source; convert it")
    float32 = Form(graph, bundle.network(graph, card.name, "none"))
    again = golden.record(source, [tuple(map(Sample, case)) for case in recorded.inputs])
    others = [*gathered(examples, graph.inputs), *golden.invent(graph.inputs)]
    runs = measure.run(float32, shipped, measure.trials(source, again, others))
    staged = pairs(runs, card.parity.tolerance)
    diverges = explain(source, (float32, shipped), runs, [*map(judge, staged)])
    return staged, float32, diverges
