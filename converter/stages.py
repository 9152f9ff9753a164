"""The two stages of parity, and how they are judged.

The source against the export in float32 may differ by rounding alone; that export against what
ships may differ by what its weights were squeezed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from converter import diverge
from converter.measure import Cases, Form, Run, Trials, difference, differences, largest
from converter.readers import Source
from converter.tfjs import Answers

FLOAT32, SHIPPED, GOLDEN = "source to float32", "float32 to shipped", "golden to shipped"
"""What is compared: the two stages, and golden vectors with what ships, which is both at once."""

ROUNDING = 1e-4
"""Largest difference from the source in float32, as a share of the largest output, or of 1."""


@dataclass(frozen=True)
class Pair:
    """What came out on both sides of a stage.

    Attributes:
        stage: `FLOAT32`, `SHIPPED` or `GOLDEN`.
        backend: One of `converter.tfjs.BACKENDS`.
        expected: What came out on its left side.
        got: What came out on its right side, and how long that took.
        allowed: How far they may be apart.
    """

    stage: str
    backend: str
    expected: Cases
    got: Answers
    allowed: float


@dataclass(frozen=True)
class Result:
    """How one stage did on one backend.

    Attributes:
        stage: `FLOAT32`, `SHIPPED` or `GOLDEN`.
        backend: One of `converter.tfjs.BACKENDS`.
        error: Largest absolute difference; infinite for NaN.
        allowed: How large it may be.
        first: Time of the first case in ms, on the stage's right side.
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


def pairs(runs: Sequence[Run], allowed: float) -> tuple[Pair, ...]:
    """Return both stages on every backend; the second may differ by ``allowed``."""
    float32 = (
        Pair(FLOAT32, run.backend, run.trials.outputs, run.float32, rounding(run.trials))
        for run in runs
    )
    shipped = (
        Pair(SHIPPED, run.backend, run.float32.outputs, run.shipped, allowed) for run in runs
    )
    return (*float32, *shipped)


def rounding(trials: Trials) -> float:
    """Return how much the export in float32 may differ from the source."""
    return ROUNDING * max(1.0, largest(trials.outputs))


def judge(pair: Pair) -> Result:
    """Return how far apart the sides of a stage are."""
    first, *others = pair.got.times
    later = median(others) if others else first
    error = difference(pair.expected, pair.got.outputs)
    return Result(pair.stage, pair.backend, error, pair.allowed, first, later)


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
        return sentence(diverge.first(float32.graph.nodes, expected, got, ROUNDING))
    case = run.trials.inputs[_worst(run.float32.outputs, run.shipped.outputs)]
    expected, got = (diverge.network(form, run.backend, case) for form in forms)
    share = failed.allowed / (largest(run.float32.outputs) or 1.0)
    return sentence(diverge.first(shipped.graph.nodes, expected, got, share))


def _worst(expected: Cases, got: Cases) -> int:
    """Return the number of the case that differs most."""
    errors = differences(expected, got)
    return errors.index(max(errors))


def sentence(found: diverge.Divergence | None) -> str:
    """Return which node diverges, or that none stands out."""
    return str(found) if found else "no single node diverges by more than is allowed"
