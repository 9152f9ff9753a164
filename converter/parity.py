"""How near TF.js comes to the source runtime, measured with golden vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from converter import bundle, tfjs
from converter.bundle import Files
from converter.errors import BundleError
from converter.golden import Vectors
from converter.graph import Graph
from vision.card import Card, Stored, Tensor, resampled


@dataclass(frozen=True)
class Result:
    """How one backend did.

    Attributes:
        backend: One of `converter.tfjs.BACKENDS`.
        error: Largest absolute difference from the golden outputs; infinite for NaN.
        first: Time of the first case in ms.
        later: Median time of the others in ms; of the first, if there are no others.
        passed: Whether the error is within the card's tolerance.
    """

    backend: str
    error: float
    first: float
    later: float
    passed: bool


@dataclass(frozen=True)
class Report:
    """What a check of a bundle found."""

    name: str
    version: str
    cases: int
    tolerance: float
    results: tuple[Result, ...]

    @property
    def passed(self) -> bool:
        """Whether every backend did."""
        return all(result.passed for result in self.results)


def check(directory: Path) -> Report:
    """Replay a bundle's golden vectors on each backend.

    Raises:
        BundleError: If the bundle is damaged.
        ToolError: If Node or TF.js is missing, or cannot run the network.
    """
    card, files = bundle.load(directory)
    results = tuple(_replay(card, files, backend) for backend in tfjs.BACKENDS)
    cases, tolerance = len(card.golden.cases), card.parity.tolerance
    return Report(card.name, card.version, cases, tolerance, results)


def _replay(card: Card, files: Files, backend: str) -> Result:
    data, cases = files[card.golden.path], card.golden.cases
    given = [_like(_values(case.inputs, card.inputs, data), card.inputs) for case in cases]
    expected = [_values(case.outputs, card.outputs, data) for case in cases]
    answers = tfjs.run(files, backend, (card.inputs, card.outputs), given)
    pairs = zip(answers.outputs, expected, strict=True)
    error = difference(expected, [_like(*pair) for pair in pairs])
    first, *others = answers.times
    later = median(others) if others else first
    return Result(backend, error, first, later, error <= card.parity.tolerance)


def _values(
    stored: Sequence[Stored], tensors: Sequence[Tensor], data: bytes
) -> tuple[NDArray[Any], ...]:
    if [len(each.shape) for each in stored] != [len(each.shape) for each in tensors]:
        raise BundleError("golden vectors: their axes are not those of the model's tensors")
    pairs = zip(stored, tensors, strict=True)
    return tuple(each.values(data, tensor.dtype) for each, tensor in pairs)


def _like(
    arrays: Sequence[NDArray[Any]], others: Sequence[NDArray[Any] | Tensor]
) -> tuple[NDArray[Any], ...]:
    """Return arrays with the shapes of others."""
    pairs = zip(arrays, others, strict=True)
    return tuple(resampled(array, other.shape) for array, other in pairs)


def worst(graph: Graph, files: Files, vectors: Vectors) -> float:
    """Return the largest difference of a network's outputs from golden ones, on any backend."""
    tensors = (graph.inputs, tuple(output.tensor for output in graph.outputs))
    answers = (tfjs.run(files, each, tensors, vectors.inputs) for each in tfjs.BACKENDS)
    return max(difference(vectors.outputs, each.outputs) for each in answers)


def difference(
    expected: Sequence[Sequence[NDArray[Any]]], got: Sequence[Sequence[NDArray[Any]]]
) -> float:
    """Return the largest absolute difference over all cases and outputs; infinite for NaN."""
    largest = 0.0
    for case, answer in zip(expected, got, strict=True):
        for a, b in zip(case, answer, strict=True):
            gaps = np.abs(a.astype(np.float64) - b)
            largest = max(largest, float(np.nan_to_num(gaps, nan=np.inf).max(initial=0.0)))
    return largest
