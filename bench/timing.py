"""Times of several networks in TF.js, taken by turns, so that a busy machine slows all alike."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import median

from converter import tfjs


@dataclass(frozen=True)
class Timing:
    """How long a network took.

    Attributes:
        turns: Shortest time in each of its turns, in ms: what disturbs a run makes it longer.
    """

    turns: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one of all turns, in ms."""
        return median(self.turns)

    def ratio(self, other: "Timing") -> float:
        """Return how many times as long as another it took, in the middle one of the rounds."""
        return median(a / b for a, b in zip(self.turns, other.turns, strict=True))


def alternate(
    networks: Mapping[str, tfjs.Network], backend: str = "wasm", rounds: int = 61, runs: int = 4
) -> dict[str, Timing]:
    """Run networks by turns in one process.

    Args:
        networks: Each with at least one case, which is repeated.
        backend: One of `converter.tfjs.BACKENDS`.
        rounds: How often each has its turn.
        runs: How often it runs in a turn, beside the first time, which compiles and allocates.

    Raises:
        ToolError: If TF.js cannot run one of them.
    """
    names = [*networks] * rounds
    turns = [_repeated(networks[name], runs + 1) for name in names]
    times: dict[str, list[float]] = {name: [] for name in networks}
    for name, answer in zip(names, tfjs.run_all(turns, backend), strict=True):
        if isinstance(answer, Exception):
            raise answer
        times[name].append(min(answer.times[1:]))
    return {name: Timing(tuple(each)) for name, each in times.items()}


def _repeated(network: tfjs.Network, runs: int) -> tfjs.Network:
    cases = [network.cases[run % len(network.cases)] for run in range(runs)]
    return replace(network, cases=cases)
