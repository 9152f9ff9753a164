"""The two stages of parity, and their limits.

Source to float32: the network in float32 may differ from the source by rounding alone. Float32 to
shipped: the shipped network may differ from it by the error of its quantized weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from converter import diverge
from converter.measure import Cases, Form, Run, Trials, difference, differences, largest
from converter.readers import Source
from converter.tfjs import Answers

FLOAT32, SHIPPED, GOLDEN = "source to float32", "float32 to shipped", "golden to shipped"
"""The comparisons: the two stages, and golden vectors with the shipped network, which is both."""

ROUNDING = 1e-4
"""Maximum difference of source and float32, as a share of the largest output, or of 1."""


@dataclass(frozen=True)
class Pair:
    """A comparison on one backend.

    Attributes:
        stage: `FLOAT32`, `SHIPPED` or `GOLDEN`.
        backend: One of `converter.tfjs.BACKENDS`.
        expected: Outputs of its left side.
        got: Outputs and times of its right side.
        allowed: Maximum absolute difference.
    """

    stage: str
    backend: str
    expected: Cases
    got: Answers
    allowed: float


@dataclass(frozen=True)
class Result:
    """Result of a comparison on one backend.

    Attributes:
        stage: `FLOAT32`, `SHIPPED` or `GOLDEN`.
        backend: One of `converter.tfjs.BACKENDS`.
        error: Maximum absolute difference; infinite for NaN.
        allowed: Its limit.
        first: Time of the first case in ms, on the stage's right side.
        later: Median time of the other cases in ms; of the first, if there are no others.
    """

    stage: str
    backend: str
    error: float
    allowed: float
    first: float
    later: float

    @property
    def passed(self) -> bool:
        """Whether the error is within its limit."""
        return self.error <= self.allowed


def pairs(runs: Sequence[Run], allowed: float) -> tuple[Pair, ...]:
    """Return both stages on every backend; ``allowed`` is the limit of the second."""
    float32 = (
        Pair(FLOAT32, run.backend, run.trials.outputs, run.float32, rounding(run.trials))
        for run in runs
    )
    shipped = (
        Pair(SHIPPED, run.backend, run.float32.outputs, run.shipped, allowed) for run in runs
    )
    return (*float32, *shipped)


def rounding(trials: Trials) -> float:
    """Return the limit of the first stage."""
    return ROUNDING * max(1.0, largest(trials.outputs))


def judge(pair: Pair) -> Result:
    """Return the error of a comparison, and its times."""
    first, *others = pair.got.times
    later = median(others) if others else first
    error = difference(pair.expected, pair.got.outputs)
    return Result(pair.stage, pair.backend, error, pair.allowed, first, later)


def explain(
    source: Source, forms: tuple[Form, Form], runs: Sequence[Run], results: Sequence[Result]
) -> str:
    """Return a sentence that names the first node that diverges; empty if all stages passed.

    Args:
        source: The original.
        forms: The network in float32, and as shipped.
        runs: The runs on each backend.
        results: The results of their comparisons.
    """
    failed = next((each for each in results if not each.passed), None)
    if failed is None:
        return ""
    run = next(each for each in runs if each.backend == failed.backend)
    float32, shipped = forms
    if failed.stage == FLOAT32:
        case = run.trials.inputs[_worst(run.trials.outputs, run.float32.outputs)]
        expected, got = diverge.source(source, case), diverge.network(float32, run.backend, case)
        return sentence(diverge.first(float32.graph.nodes, expected, got, ROUNDING))
    case = run.trials.inputs[_worst(run.float32.outputs, run.shipped.outputs)]
    expected, got = (diverge.network(form, run.backend, case) for form in forms)
    share = failed.allowed / (largest(run.float32.outputs) or 1.0)
    return sentence(diverge.first(shipped.graph.nodes, expected, got, share))


def _worst(expected: Cases, got: Cases) -> int:
    """Return the index of the case with the largest difference."""
    errors = differences(expected, got)
    return errors.index(max(errors))


def sentence(found: diverge.Divergence | None) -> str:
    """Return a sentence about the node that diverges, or that there is none."""
    return str(found) if found else "no single node diverges by more than is allowed"
