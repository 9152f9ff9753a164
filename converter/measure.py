"""Runs a source, its export in float32, and what ships, on the same inputs; tells how they differ.

Plain JavaScript is slow, so it runs one case of each kind, which shows whether its kernels are
right; WebAssembly runs all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from converter import golden, tfjs
from converter.bundle import Files
from converter.errors import ToolError
from converter.golden import Example, Vectors
from converter.graph import Graph
from converter.readers import Source
from converter.tfjs import Answers, Arrays

Cases: TypeAlias = Sequence[Sequence[NDArray[Any]]]
"""An array for each input, or each output, for each case."""


@dataclass(frozen=True)
class Form:
    """A network, as a graph and as the files that hold it."""

    graph: Graph
    files: Files


@dataclass(frozen=True)
class Trials:
    """What a source was given, and what it made of it.

    Attributes:
        inputs: An array for each input, for each case.
        outputs: An array for each output, for each case.
        few: Numbers of the cases that plain JavaScript runs.
    """

    inputs: tuple[Arrays, ...]
    outputs: tuple[Arrays, ...]
    few: tuple[int, ...]

    def on(self, backend: str) -> "Trials":
        """Return what a backend is to run."""
        if backend != "cpu":
            return self
        inputs, outputs = (tuple(each[i] for i in self.few) for each in (self.inputs, self.outputs))
        return Trials(inputs, outputs, self.few)


@dataclass(frozen=True)
class Run:
    """What came out on one backend.

    Attributes:
        backend: One of `converter.tfjs.BACKENDS`.
        trials: The cases that it ran.
        float32: What the export in float32 made of them.
        shipped: What the network as it ships made of them.
    """

    backend: str
    trials: Trials
    float32: Answers
    shipped: Answers


def trials(source: Source, first: Vectors, others: Sequence[Example]) -> Trials:
    """Return what a source makes of golden vectors, and of other examples."""
    more = golden.record(source, others)
    inputs, outputs = (*first.inputs, *more.inputs), (*first.outputs, *more.outputs)
    return Trials(inputs, outputs, (0, len(inputs) - 1) if others else (0,))


def run(float32: Form, shipped: Form, given: Trials) -> tuple[Run, ...]:
    """Run a network in both of its forms on every backend; once, if they are the same.

    Raises:
        ToolError: If Node or TF.js is missing, or cannot run it.
    """
    return tuple(_run(float32, shipped, given.on(each), each) for each in tfjs.BACKENDS)


def _run(float32: Form, shipped: Form, given: Trials, backend: str) -> Run:
    forms = [float32] if float32.files == shipped.files else [float32, shipped]
    answers = list[Answers]()
    for answer in tfjs.run_all([_network(form, given) for form in forms], backend):
        if isinstance(answer, ToolError):
            raise answer
        answers.append(answer)
    return Run(backend, given, answers[0], answers[-1])


def _network(form: Form, given: Trials) -> tfjs.Network:
    outputs = [output.tensor for output in form.graph.outputs]
    return tfjs.Network(form.files, form.graph.inputs, outputs, given.inputs)


def largest(outputs: Cases) -> float:
    """Return the largest absolute value of any output."""
    return max(float(np.abs(each).max(initial=0.0)) for case in outputs for each in case)


def difference(expected: Cases, got: Cases) -> float:
    """Return the largest absolute difference over all cases and outputs; infinite for NaN."""
    return max(differences(expected, got), default=0.0)


def differences(expected: Cases, got: Cases) -> list[float]:
    """Return the largest absolute difference of each case; infinite for NaN."""
    return [
        max((_gap(a, b) for a, b in zip(case, answer, strict=True)), default=0.0)
        for case, answer in zip(expected, got, strict=True)
    ]


def _gap(a: NDArray[Any], b: NDArray[Any]) -> float:
    with np.errstate(invalid="ignore"):
        gaps = np.abs(a.astype(np.float64) - b)
    return float(np.nan_to_num(gaps, nan=np.inf).max(initial=0.0))
