"""From a model's file to its bundle, in one call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from converter import bundle, golden, measure, mixture, readers, stages, vocabulary
from converter.errors import BundleError, ParityError
from converter.examples import Examples, gathered, shipped
from converter.golden import Vectors
from converter.graph import Graph
from converter.measure import Form, Run, Trials, difference, largest
from converter.mixture import Goal
from converter.passes import optimise
from converter.passes.sizes import open_sizes
from converter.quantize import Scheme
from converter.readers import Source
from converter.stages import Pair, Result
from vision.card import NAME, Card, Metric, Parity

BUDGET = 0.25
"""What storing weights in fewer bits may cost, as a share of the largest output. What is beyond
that answers something else; what is wanted is far below."""

AUTO_BUDGET = 0.02
"""The same, where the smallest mix that stays inside a budget is looked for."""


@dataclass(frozen=True)
class About:
    """What a card says that cannot be read from the model; see `vision.card.Card`."""

    name: str
    title: str
    source: str
    task: str = ""
    license: str = "NOASSERTION"
    labels: tuple[str, ...] = ()
    preprocessing: Mapping[str, Any] = field(default_factory=dict)
    metrics: tuple[Metric, ...] = ()

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise BundleError(
                f"name: expected lower-case letters, digits and dashes, got {self.name!r}"
            )


@dataclass(frozen=True)
class Conversion:
    """What became of a model.

    Attributes:
        card: The card of what was written.
        source: What was read.
        float32: The network with all its weights in float32.
        shipped: The network as it was written.
        pairs: What was compared: both stages on every backend.
        results: How each of these did.
    """

    card: Card
    source: Source
    float32: Form
    shipped: Form
    pairs: tuple[Pair, ...]
    results: tuple[Result, ...]


def convert(  # noqa: PLR0913, PLR0917 - each is for the user to say
    source: Path | Source,
    out: Path,
    about: About,
    scheme: Scheme | Literal["auto"] | Goal = "float16",
    examples: Examples = (),
    shapes: Mapping[str, tuple[int, ...]] | None = None,
    budget: float | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Conversion:
    """Convert a model, and write its bundle.

    Args:
        source: The model's file, or what a reader made of a model in memory.
        out: Folder for the bundle; what else is in it stays.
        about: What the card is to say.
        scheme: What to store weights as: all of them as one type, or as the smallest mix that
            reaches a goal; ``auto`` is the goal to stay inside the budget on all examples.
        examples: Inputs to compare answers on, beside made-up ones. The first of them, as far as
            they are small enough, become golden vectors.
        shapes: Shapes of inputs that the model's file leaves open, by name.
        budget: What ``scheme`` may cost, as a share of the largest output; `BUDGET`, or for
            ``auto`` `AUTO_BUDGET`, if it is not given.
        progress: Is told each step as it begins.

    Returns:
        What was written, and how it was measured.

    Raises:
        ConverterError: If the model cannot be read, converted, run or written.
    """
    progress(f"read {source}" if isinstance(source, Path) else "read")
    model = source if isinstance(source, Source) else readers.read(source, shapes)
    progress("optimise")
    graph = optimise(model.graph)
    if "sizes" in about.preprocessing:
        graph = open_sizes(graph)
    vocabulary.check(graph)
    progress(f"run {model.runtime}")
    vectors, trials = _asked(model, graph, examples)
    if budget is None:
        budget = AUTO_BUDGET if scheme == "auto" else BUDGET
    goal = Goal(trials.inputs, mixture.within(budget)) if scheme == "auto" else scheme
    float32 = Form(graph, bundle.network(graph, about.name, "none"))
    small = _stored(graph, about.name, goal, progress)
    progress("run TF.js")
    runs = measure.run(float32, small, trials)
    allowed = budget * max(largest(run.float32.outputs) for run in runs)
    pairs = stages.pairs(runs, allowed)
    results = tuple(map(stages.judge, pairs))
    _require(model, (float32, small), runs, results)
    files = {**small.files, vectors.golden.path: vectors.data}
    card = Card(
        **vars(about),
        inputs=graph.inputs,
        outputs=tuple(output.tensor for output in graph.outputs),
        files=bundle.listing(files),
        parity=_parity(model, runs, len(vectors.outputs)),
        golden=vectors.golden,
    ).sealed()
    progress(f"write {out}")
    bundle.save(out, card, files)
    return Conversion(card, model, float32, small, pairs, results)


def _stored(
    graph: Graph, name: str, scheme: Scheme | Goal, progress: Callable[[str], None]
) -> Form:
    """Return the network as it is to be shipped."""
    if isinstance(scheme, Goal):
        mix = mixture.find(graph, scheme, progress)
        return Form(mix.graph, bundle.network(mix.graph, name, mix.packed))
    progress(f"store weights as {scheme}")
    return Form(graph, bundle.network(graph, name, scheme))


def _asked(source: Source, graph: Graph, given: Examples) -> tuple[Vectors, Trials]:
    """Return golden vectors, and all that the source was asked."""
    invented = golden.invent(graph.inputs)
    first = gathered(given, graph.inputs) or invented
    count = shipped(first)
    vectors = golden.record(source, first[:count])
    others = [*first[count:], *(() if first is invented else invented)]
    return vectors, measure.trials(source, vectors, others)


def _require(
    model: Source, forms: tuple[Form, Form], runs: Sequence[Run], results: Sequence[Result]
) -> None:
    """Refuse a network that answers differently in float32, or by too much as it ships.

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
    """Return what was measured, and what browsers are allowed on the golden cases, the first."""
    float32 = max(difference(run.trials.outputs, run.float32.outputs) for run in runs)
    shipped = max(difference(run.trials.outputs, run.shipped.outputs) for run in runs)
    every = next(run for run in runs if len(run.trials.outputs) >= count)
    expected, got = every.trials.outputs[:count], every.shipped.outputs[:count]
    allowed = tolerance(difference(expected, got), largest(expected))
    return Parity(model.runtime, float32, shipped, allowed)


def tolerance(shipped: float, most: float) -> float:
    """Return how much a browser's answer may differ from the golden one.

    Twice what quantization costs, and 1 % of the largest output for GPUs that compute in float16.

    Args:
        shipped: Largest difference from the golden outputs.
        most: The largest of these outputs.
    """
    return float(f"{2 * shipped + 0.01 * most:.2g}")
