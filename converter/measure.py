"""Runs the original, the float32 network and the shipped network on the same inputs.

The ``cpu`` backend, plain JavaScript, is slow: it runs one golden case and one other, enough to
check its kernels. The ``wasm`` backend runs all cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from converter import golden, tfjs
from converter.bundle import Files
from converter.golden import Example, Vectors
from converter.graph import Graph
from converter.readers import Source
from converter.tfjs import Answers, Arrays

Cases: TypeAlias = Sequence[Sequence[NDArray[Any]]]
"""For each case, an array for each input or each output."""


@dataclass(frozen=True)
class Form:
    """A network as a graph, and as the files that TF.js loads."""

    graph: Graph
    files: Files


@dataclass(frozen=True)
class Trials:
    """Cases, with the original's outputs.

    Attributes:
        inputs: For each case, an array for each input.
        outputs: For each case, an array for each output.
        few: Indices of the cases for the ``cpu`` backend.
    """

    inputs: tuple[Arrays, ...]
    outputs: tuple[Arrays, ...]
    few: tuple[int, ...]

    def on(self, backend: str) -> "Trials":
        """Return the cases that a backend runs."""
        if backend != "cpu":
            return self
        inputs, outputs = (tuple(each[i] for i in self.few) for each in (self.inputs, self.outputs))
        return Trials(inputs, outputs, self.few)


@dataclass(frozen=True)
class Run:
    """Answers of both networks on one backend.

    Attributes:
        backend: One of `converter.tfjs.BACKENDS`.
        trials: The cases that it ran.
        float32: Answers of the float32 network.
        shipped: Answers of the shipped network.
    """

    backend: str
    trials: Trials
    float32: Answers
    shipped: Answers


def trials(source: Source, first: Vectors, others: Sequence[Example]) -> Trials:
    """Return the golden cases, followed by other examples with the original's outputs."""
    more = golden.record(source, others)
    inputs, outputs = (*first.inputs, *more.inputs), (*first.outputs, *more.outputs)
    return Trials(inputs, outputs, (0, len(inputs) - 1) if others else (0,))


def run(float32: Form, shipped: Form, given: Trials) -> tuple[Run, ...]:
    """Run both networks on every backend; only one of them if their files are equal.

    Raises:
        ToolError: If Node or TF.js is missing, or cannot run it.
    """
    return tuple(_run(float32, shipped, given.on(each), each) for each in tfjs.BACKENDS)


def _run(float32: Form, shipped: Form, given: Trials, backend: str) -> Run:
    forms = [float32] if float32.files == shipped.files else [float32, shipped]
    networks = [network(form, given.inputs) for form in forms]
    answers = tfjs.answers(networks, backend)
    return Run(backend, given, answers[0], answers[-1])


def network(form: Form, cases: Cases) -> tfjs.Network:
    """Return a network with cases, to be run in TF.js."""
    outputs = [output.tensor for output in form.graph.outputs]
    return tfjs.Network(form.files, form.graph.inputs, outputs, cases)


def largest(outputs: Cases) -> float:
    """Return the maximum absolute value over all cases and outputs."""
    return max(float(np.abs(each).max(initial=0.0)) for case in outputs for each in case)


def difference(expected: Cases, got: Cases) -> float:
    """Return the maximum absolute difference over all cases and outputs; infinite for NaN."""
    return max(differences(expected, got), default=0.0)


def differences(expected: Cases, got: Cases) -> list[float]:
    """Return the maximum absolute difference of each case; infinite for NaN."""
    return [
        max((_gap(a, b) for a, b in zip(case, answer, strict=True)), default=0.0)
        for case, answer in zip(expected, got, strict=True)
    ]


def _gap(a: NDArray[Any], b: NDArray[Any]) -> float:
    with np.errstate(invalid="ignore"):
        gaps = np.abs(a.astype(np.float64) - b)
    return float(np.nan_to_num(gaps, nan=np.inf).max(initial=0.0))
