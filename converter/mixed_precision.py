"""Mixed precision: the smallest mix of uint8, float16 and float32 weights that reaches a goal.

Few weights cause most of the quantization error. Each is quantized alone to measure its share;
those with the largest error for the bytes they save get more bits first, and a binary search finds
how many of them need it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np

from converter import bundle, calibrate, tfjs
from converter.calibrate import Calibration
from converter.graph import Array, Graph
from converter.measure import Cases, Form, difference, largest, network
from converter.quantize import Packed, Scheme, pack, stays

Enough: TypeAlias = Callable[[Cases, Cases], bool]
"""Takes the outputs in float32 and those of a mix, for each case; returns whether they are good."""

PROBES = 16
"""Number of cases on which each weight is quantized alone, at even strides over all cases."""

_BATCH = 8
"""Networks in one run of Node: their files are on the disk for that time."""

_TINY = 1e-30
"""Smallest divisor, for outputs that are zero."""


@dataclass(frozen=True)
class Goal:
    """The goal of a search.

    Attributes:
        cases: Typical inputs: for each case, an array for each input of the network.
        enough: Whether outputs are good; see `Enough`.
    """

    cases: Cases
    enough: Enough


@dataclass(frozen=True)
class Mix:
    """A network with corrected biases, and its quantized weights by name."""

    graph: Graph
    packed: Mapping[str, Packed]


def within(budget: float) -> Enough:
    """Return a criterion for outputs of any kind: the maximum absolute difference.

    Args:
        budget: Maximum difference as a share of the largest absolute output.
    """
    return lambda exact, mixed: difference(exact, mixed) <= budget * largest(exact)


def find(graph: Graph, goal: Goal, progress: Callable[[str], None] = lambda _: None) -> Mix:
    """Return the smallest mix that reaches a goal; in the worst case all weights are float32.

    Args:
        graph: The optimised network.
        goal: The goal.
        progress: Called with a description of each step as it begins.

    Raises:
        ToolError: If Node or TF.js is missing, or cannot run the network.
    """
    progress(f"calibrate on {len(goal.cases)} examples")
    search = _Search.begin(graph, calibrate.measure(graph, goal.cases))
    (exact,) = _run([Mix(graph, {})], goal.cases)
    progress("quantize each weight alone")
    probes = np.unique(np.linspace(0, len(exact) - 1, PROBES).astype(int))
    steps = search.steps([goal.cases[i] for i in probes], [exact[i] for i in probes])
    fewest, most = 0, len(steps)
    while fewest < most:
        half = (fewest + most) // 2
        progress(f"try {half} of {len(steps)} steps to more bits")
        (mixed,) = _run([search.after(steps[:half])], goal.cases)
        fewest, most = (fewest, half) if goal.enough(exact, mixed) else (half + 1, most)
    return search.after(steps[:fewest])


_Step: TypeAlias = tuple[str, Scheme]
"""A weight, and the scheme to store it in."""


@dataclass(frozen=True)
class _Search:
    """A network with the statistics of its products, and its weights as uint8."""

    graph: Graph
    calibration: Calibration
    uint8: Mapping[str, Packed]

    @classmethod
    def begin(cls, graph: Graph, calibration: Calibration) -> Self:
        """Quantize all weights to uint8, except those that always stay; see `quantize.stays`."""
        weights = {name: each for name, each in graph.weights.items() if not stays(each)}
        packed = {name: pack(name, each, "uint8") for name, each in weights.items()}
        for each in calibrate.products(graph):
            name = each.weight
            if name in packed:
                inputs = calibration[each.node.name]
                packed[name] = calibrate.rounded(weights[name], packed[name], each, inputs)
        return cls(graph, calibration, packed)

    def steps(self, cases: Cases, exact: Cases) -> list[_Step]:
        """Return steps to float16 and then to float32, the largest error per byte first."""
        alone = _run([self._mix({name: each}) for name, each in self.uint8.items()], cases)
        errors = {
            name: _error(exact, mixed) / len(each.data)
            for (name, each), mixed in zip(self.uint8.items(), alone, strict=True)
        }
        order = sorted(errors, key=lambda name: -errors[name])
        weights = self.graph.weights
        halves: list[_Step] = [(name, "float16") for name in order if _fits(weights[name])]
        return [*halves, *((name, "none") for name in order)]

    def after(self, steps: Sequence[_Step]) -> Mix:
        """Return the mix after steps, starting from all uint8."""
        more = {name: pack(name, self.graph.weights[name], scheme) for name, scheme in steps}
        return self._mix({**self.uint8, **more})

    def _mix(self, packed: Mapping[str, Packed]) -> Mix:
        return Mix(calibrate.corrected(self.graph, packed, self.calibration), packed)


def _run(mixes: Sequence[Mix], cases: Cases) -> list[Cases]:
    """Return the outputs of networks with these mixes."""
    outputs = list[Cases]()
    for start in range(0, len(mixes), _BATCH):
        networks = [network(_form(each), cases) for each in mixes[start : start + _BATCH]]
        outputs += [answers.outputs for answers in tfjs.answers(networks, "wasm")]
    return outputs


def _form(mix: Mix) -> Form:
    return Form(mix.graph, bundle.network(mix.graph, "mix", mix.packed))


def _fits(weight: Array) -> bool:
    return float(np.abs(weight).max()) <= float(np.finfo(np.float16).max)


def _error(exact: Cases, mixed: Cases) -> float:
    """Return the sum of squared differences, each output's as a share of its sum of squares."""
    return sum(
        float(np.square(a.astype(np.float64) - b).sum() / max(np.square(a).sum(), _TINY))
        for case, answer in zip(exact, mixed, strict=True)
        for a, b in zip(case, answer, strict=True)
    )
