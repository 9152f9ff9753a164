"""The smallest mix of uint8, float16 and float32 weights that is good enough.

A few weights do most of the harm when they are rounded. They are found by rounding each alone, and
those that do the most harm for the bytes they save get more bits first: as few of them as will do.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np

from converter import bundle, calibrate, tfjs
from converter.calibrate import Calibration
from converter.errors import ToolError
from converter.graph import Array, Graph
from converter.measure import Cases, difference, largest
from converter.quantize import Packed, Scheme, pack, stays
from converter.tfjs import Network

Enough: TypeAlias = Callable[[Cases, Cases], bool]
"""Takes outputs in float32 and outputs of a mix, for each case; tells whether these will do."""

PROBES = 16
"""Cases on which each weight is rounded alone; they are spread evenly over all cases."""

_TOGETHER = 8
"""Networks in one run of Node, whose files lie on the disk for that long."""

_TINY = 1e-30
"""What an output of zeros is taken for, where it divides."""


@dataclass(frozen=True)
class Goal:
    """What a mix is to reach.

    Attributes:
        cases: Typical inputs, an array for each input of the network.
        enough: See `Enough`.
    """

    cases: Cases
    enough: Enough


@dataclass(frozen=True)
class Mix:
    """A network with corrected biases, and how each of its weights is stored that is rounded."""

    graph: Graph
    packed: Mapping[str, Packed]


def within(budget: float) -> Enough:
    """Return a goal for outputs of any kind: how much the largest difference may be.

    Args:
        budget: A share of the largest output.
    """
    return lambda exact, made: difference(exact, made) <= budget * largest(exact)


def find(graph: Graph, goal: Goal, progress: Callable[[str], None] = lambda _: None) -> Mix:
    """Return the smallest mix that is found to reach a goal; in the worst case all float32.

    Args:
        graph: As the last pass made it.
        goal: What is to be reached.
        progress: Is told each step as it begins.

    Raises:
        ToolError: If Node or TF.js is missing, or cannot run the network.
    """
    progress(f"calibrate on {len(goal.cases)} examples")
    search = _Search.begin(graph, calibrate.measure(graph, goal.cases))
    (exact,) = _run([Mix(graph, {})], goal.cases)
    progress("round each weight alone")
    probes = np.unique(np.linspace(0, len(exact) - 1, PROBES).astype(int))
    steps = search.steps([goal.cases[i] for i in probes], [exact[i] for i in probes])
    fewest, most = 0, len(steps)
    while fewest < most:
        half = (fewest + most) // 2
        progress(f"try {half} of {len(steps)} steps to more bits")
        (made,) = _run([search.after(steps[:half])], goal.cases)
        fewest, most = (fewest, half) if goal.enough(exact, made) else (half + 1, most)
    return search.after(steps[:fewest])


_Step: TypeAlias = tuple[str, Scheme]
"""Store this weight as that."""


@dataclass(frozen=True)
class _Search:
    """What is known of a graph: what goes into its products, and its weights as uint8."""

    graph: Graph
    calibration: Calibration
    uint8: Mapping[str, Packed]

    @classmethod
    def begin(cls, graph: Graph, calibration: Calibration) -> Self:
        """Round all weights that are not left as they are in any case."""
        weights = {name: each for name, each in graph.weights.items() if not stays(each)}
        packed = {name: pack(name, each, "uint8") for name, each in weights.items()}
        for each in calibrate.products(graph):
            name = each.weight
            if name in packed:
                inputs = calibration[each.node.name]
                packed[name] = calibrate.rounded(weights[name], packed[name], each, inputs)
        return cls(graph, calibration, packed)

    def steps(self, cases: Cases, exact: Cases) -> list[_Step]:
        """Return what to store in more bits, the best bargain first: float16, and then float32."""
        alone = _run([self._mix({name: each}) for name, each in self.uint8.items()], cases)
        harm = {
            name: _harm(exact, made) / len(each.data)
            for (name, each), made in zip(self.uint8.items(), alone, strict=True)
        }
        order = sorted(harm, key=lambda name: -harm[name])
        weights = self.graph.weights
        halves: list[_Step] = [(name, "float16") for name in order if _fits(weights[name])]
        return [*halves, *((name, "none") for name in order)]

    def after(self, steps: Sequence[_Step]) -> Mix:
        """Return the mix that steps lead to, from uint8 on."""
        more = {name: pack(name, self.graph.weights[name], scheme) for name, scheme in steps}
        return self._mix({**self.uint8, **more})

    def _mix(self, packed: Mapping[str, Packed]) -> Mix:
        return Mix(calibrate.corrected(self.graph, packed, self.calibration), packed)


def _run(mixes: Sequence[Mix], cases: Cases) -> list[Cases]:
    """Return what networks with these mixes make of cases."""
    made = list[Cases]()
    for start in range(0, len(mixes), _TOGETHER):
        networks = [_network(each, cases) for each in mixes[start : start + _TOGETHER]]
        for answer in tfjs.run_all(networks, "wasm"):
            if isinstance(answer, ToolError):
                raise answer
            made.append(answer.outputs)
    return made


def _network(mix: Mix, cases: Cases) -> Network:
    outputs = [output.tensor for output in mix.graph.outputs]
    return Network(bundle.network(mix.graph, "mix", mix.packed), mix.graph.inputs, outputs, cases)


def _fits(weight: Array) -> bool:
    return float(np.abs(weight).max()) <= float(np.finfo(np.float16).max)


def _harm(exact: Cases, made: Cases) -> float:
    """Return the squared differences, each output's as a share of its squares."""
    return sum(
        float(np.square(a.astype(np.float64) - b).sum() / max(np.square(a).sum(), _TINY))
        for case, answer in zip(exact, made, strict=True)
        for a, b in zip(case, answer, strict=True)
    )
