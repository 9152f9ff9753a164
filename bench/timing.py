"""Times several networks in TF.js in turn, so that load on the machine affects all alike."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from converter import tfjs

TURNS = 20
"""Turns of each network in a round."""


def alternate(
    networks: Mapping[str, tfjs.Network], rounds: int, backend: str = "wasm", runs: int = 4
) -> dict[str, list[float]]:
    """Run networks in turn in one process.

    Args:
        networks: Networks, each with at least one case, which is repeated.
        rounds: Number of turns of each network.
        backend: One of `converter.tfjs.BACKENDS`.
        runs: Runs per turn, after the first run, which compiles and allocates.

    Returns:
        For each network, the minimum time of each turn in ms: disturbances only add time.

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
