"""Converts a model to a bundle, in one call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import kinds
from card import NAME, Card, File, Golden, Kind, Metric, Parity
from converter import bundle, golden, measure, mixed_precision, readers, stages, vocabulary
from converter.errors import BundleError, ParityError
from converter.examples import Examples, gathered, shipped
from converter.golden import Vectors
from converter.graph import Graph
from converter.measure import Form, Run, Trials, difference, largest
from converter.mixed_precision import Goal
from converter.passes import optimise
from converter.passes.sizes import open_sizes
from converter.quantize import Scheme
from converter.readers import Source
from converter.stages import Pair, Result

BUDGET = 0.25
"""Largest change by storing weights in fewer bits, as a share of the largest output. Beyond it the
network gives other answers; a good conversion stays far below."""

AUTO_BUDGET = 0.02
"""The same for ``auto``, the smallest mix that stays inside a budget."""


@dataclass(frozen=True)
class About:
    """Fields of a card that cannot be read from the model; see `card.Card`."""

    name: str
    title: str
    source: str
    input: Kind | None = None
    output: Kind | None = None
    license: str = "NOASSERTION"
    labels: tuple[str, ...] = ()
    metrics: tuple[Metric, ...] = ()

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise BundleError(
                f"name: expected lower-case letters, digits and dashes, got {self.name!r}"
            )


@dataclass(frozen=True)
class Conversion:
    """Result of a conversion.

    Attributes:
        card: The card of the bundle.
        source: The model that was read.
        float32: The network with all weights in float32.
        shipped: The network as it was written.
        pairs: What was compared: both stages on every backend.
        results: The result of each of these comparisons.
    """

    card: Card
    source: Source
    float32: Form
    shipped: Form
    pairs: tuple[Pair, ...]
    results: tuple[Result, ...]


Progress: TypeAlias = Callable[[str], None]
"""Called with the name of each step as it begins."""


def convert(  # noqa: PLR0913, PLR0917 - each is for the user to say
    source: Path | Source,
    out: Path,
    about: About,
    scheme: Scheme | Literal["auto"] | Goal = "float16",
    examples: Examples = (),
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    budget: float | None = None,
    progress: Progress = lambda _: None,
) -> Conversion:
    """Convert a model, and write its bundle.

    Args:
        source: The model's file, or what a reader made of a model in memory.
        out: Folder for the bundle; other files in it stay.
        about: Fields of the card.
        scheme: Type that all weights are stored as, or a goal that the smallest mix of types is to
            reach; ``auto`` is the goal to stay inside the budget on all examples.
        examples: Inputs to compare answers on, beside random ones. The first of them, as far as
            they are small enough, become golden vectors.
        shapes: Shapes of inputs that the model's file leaves open, by name.
        budget: Largest change of an output by ``scheme``, as a share of the largest output;
            default: `BUDGET`, or for ``auto`` `AUTO_BUDGET`.
        progress: Called with each step.

    Raises:
        ConverterError: If the model cannot be read, converted, run or written.
        CardError: If the model does not fit the kinds that ``about`` names.
    """
    progress(f"read {source}" if isinstance(source, Path) else "read")
    model = source if isinstance(source, Source) else readers.read(source, shapes)
    progress("optimise")
    graph = _optimised(model.graph, about)
    progress(f"run {model.runtime}")
    vectors, trials = _reference(model, graph, examples)
    share = _budget(scheme) if budget is None else budget
    goal = Goal(trials.inputs, mixed_precision.within(share)) if scheme == "auto" else scheme
    forms = _forms(graph, about.name, goal, progress)
    progress("run TF.js")
    runs = measure.run(*forms, trials)
    pairs = stages.pairs(runs, share * max(largest(run.float32.outputs) for run in runs))
    results = tuple(map(stages.judge, pairs))
    _require(model, forms, runs, results)
    progress(f"write {out}")
    files = {**forms[1].files, vectors.golden.path: vectors.data}
    parity = _parity(model, runs, len(vectors.outputs))
    card = _card(about, graph, bundle.listing(files), parity, vectors.golden).sealed()
    bundle.save(out, card, files)
    return Conversion(card, model, *forms, pairs, results)


def _budget(scheme: Scheme | Literal["auto"] | Goal) -> float:
    return AUTO_BUDGET if scheme == "auto" else BUDGET


def draft(about: About, graph: Graph) -> Card:
    """Return the card of a model that is not converted yet, for `prepare` and `read` alone."""
    nothing = "0" * 64
    files = File("model.json", 0, nothing), File("golden.bin", 0, nothing)
    return _card(about, graph, files, Parity("", 0, 0, 0), Golden("golden.bin", ()))


def _card(
    about: About, graph: Graph, files: tuple[File, ...], parity: Parity, golden: Golden
) -> Card:
    return Card(
        **vars(about),
        inputs=graph.inputs,
        outputs=tuple(output.tensor for output in graph.outputs),
        files=files,
        parity=parity,
        golden=golden,
    )


def _optimised(graph: Graph, about: About) -> Graph:
    """Return the optimised graph of a model that fits its kinds."""
    made = optimise(graph)
    if about.input and about.input.options.get("sizes"):
        made = open_sizes(made)
    vocabulary.check(made)
    kinds.check(draft(about, made))
    return made


def _forms(graph: Graph, name: str, scheme: Scheme | Goal, progress: Progress) -> tuple[Form, Form]:
    """Return the network in float32, and as it is shipped."""
    float32 = Form(graph, bundle.network(graph, name, "none"))
    if isinstance(scheme, Goal):
        mix = mixed_precision.find(graph, scheme, progress)
        return float32, Form(mix.graph, bundle.network(mix.graph, name, mix.packed))
    progress(f"store weights as {scheme}")
    return float32, Form(graph, bundle.network(graph, name, scheme))


def _reference(source: Source, graph: Graph, given: Examples) -> tuple[Vectors, Trials]:
    """Return golden vectors, and all inputs with the source's outputs."""
    invented = golden.invent(graph.inputs)
    first = gathered(given, graph.inputs) or invented
    count = shipped(first)
    vectors = golden.record(source, first[:count])
    others = [*first[count:], *(() if first is invented else invented)]
    return vectors, measure.trials(source, vectors, others)


def _require(
    model: Source, forms: tuple[Form, Form], runs: Sequence[Run], results: Sequence[Result]
) -> None:
    """Refuse a network whose outputs differ in float32, or by too much as it ships.

    Raises:
        ParityError: If a stage failed, with the first node that diverges.
    """
    failed = next((each for each in results if not each.passed), None)
    if failed is None:
        return
    node = stages.explain(model, forms, runs, results)
    off = f"by {failed.error:.2g}, expected at most {failed.allowed:.2g}; {node}"
    if failed.stage == stages.FLOAT32:
        raise ParityError(
            f"in float32 TF.js's answer differs from that of {model.runtime} on {failed.backend} "
            f"{off}; nothing was written. This is a defect of the converter: please report it "
            "with the model"
        )
    raise ParityError(
        f"with weights stored in fewer bits the answer on {failed.backend} changes {off}; nothing "
        "was written. Store them in more bits, or allow more with --budget"
    )


def _parity(model: Source, runs: Sequence[Run], count: int) -> Parity:
    """Return the measured differences, and the tolerance of browsers on the golden vectors.

    Args:
        model: Where the network comes from.
        runs: All measurements; the golden cases come first.
        count: Number of golden cases.
    """
    float32 = max(difference(run.trials.outputs, run.float32.outputs) for run in runs)
    shipped = max(difference(run.trials.outputs, run.shipped.outputs) for run in runs)
    every = next(run for run in runs if len(run.trials.outputs) >= count)
    expected, got = every.trials.outputs[:count], every.shipped.outputs[:count]
    allowed = tolerance(difference(expected, got), largest(expected))
    return Parity(model.runtime, float32, shipped, allowed)


def tolerance(shipped: float, most: float) -> float:
    """Return the largest allowed difference between a browser's outputs and the golden ones.

    It is twice the error of quantization, and 1 % of the largest output for GPUs that compute in
    float16.

    Args:
        shipped: Largest difference from the golden outputs.
        most: Largest of these outputs.
    """
    return float(f"{2 * shipped + 0.01 * most:.2g}")
