"""Times of several networks in TF.js, taken by turns, so that a busy machine slows all alike."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from converter import tfjs

TURNS = 20
"""How often each network has its turn in one of a comparison's rounds."""


def alternate(
    networks: Mapping[str, tfjs.Network], rounds: int, backend: str = "wasm", runs: int = 4
) -> dict[str, list[float]]:
    """Run networks by turns in one process.

    Args:
        networks: Each with at least one case, which is repeated.
        rounds: How often each has its turn.
        backend: One of `converter.tfjs.BACKENDS`.
        runs: How often it runs in a turn, beside the first time, which compiles and allocates.

    Returns:
        For each, the shortest time in each of its turns, in ms: what disturbs a run makes it
        longer.

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
    return times


def error(made: tfjs.Network, expected: list[NDArray[np.float32]]) -> float:
    """Return the largest difference of a network's first output on WebAssembly from its source's.

    Raises:
        ToolError: If TF.js cannot run it.
    """
    (answers,) = tfjs.run_all([made], "wasm")
    if isinstance(answers, Exception):
        raise answers
    pairs = zip(expected, answers.outputs, strict=True)
    return max(float(np.abs(want - got[0]).max()) for want, got in pairs)


def _repeated(network: tfjs.Network, runs: int) -> tfjs.Network:
    cases = [network.cases[run % len(network.cases)] for run in range(runs)]
    return replace(network, cases=cases)
