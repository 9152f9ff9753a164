"""Locates the first node whose result differs between two runs of a network.

Passes keep a node's name as long as it computes the same tensor, whatever is fused into it, and
only permute its axes. Results of nodes of the same name are compared up to such a permutation.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from converter import tfjs
from converter.graph import Node
from converter.measure import Form
from converter.readers import Source

Traced: TypeAlias = Mapping[str, NDArray[Any]]
"""Results of nodes by name."""

_SMALL = 0.01
"""Smallest magnitude that differences are compared with: results that cancel out are noise."""


@dataclass(frozen=True)
class Divergence:
    """The first node, in order of computation, whose results differ.

    Attributes:
        node: Its name.
        op: Its operation.
        error: Maximum absolute difference of its results.
        allowed: Maximum that is tolerated.
        agreed: Number of nodes before it that were compared, and agree.
    """

    node: str
    op: str
    error: float
    allowed: float
    agreed: int

    def __str__(self) -> str:
        """Return a clause for an error message."""
        return (
            f"the first node that diverges is {self.op} {self.node}, by {self.error:.2g} where "
            f"{self.allowed:.2g} is allowed (compared before it: {self.agreed})"
        )


def source(model: Source, case: Sequence[NDArray[Any]]) -> Traced:
    """Return a source's intermediate results and outputs, by node name.

    Only outputs, if its runtime exposes nothing else.
    """
    traced = dict(model.trace(case)) if model.trace else {}
    for node in reversed(model.graph.nodes):  # a Transpose's input has the same elements
        if node.op in {"Transpose", "Identity"} and node.name in traced:
            traced.setdefault(node.inputs[0], traced[node.name])
    names = (output.tensor.name for output in model.graph.outputs)
    return {**traced, **dict(zip(names, model.run(case), strict=True))}


def network(form: Form, backend: str, case: Sequence[NDArray[Any]]) -> Traced:
    """Return the results of all nodes of a network in TF.js, by name."""
    names = [node.name for node in form.graph.nodes]
    return tfjs.trace(form.files, backend, form.graph.inputs, names, case)


def first(nodes: Iterable[Node], expected: Traced, got: Traced, share: float) -> Divergence | None:
    """Return the first node, of those in both runs, whose results differ; None if all agree.

    Args:
        nodes: The nodes in order of computation.
        expected: Their expected results.
        got: Their actual results.
        share: Maximum difference, as a share of a result's largest absolute value.
    """
    agreed = 0
    for node in nodes:
        if node.name not in expected or node.name not in got:
            continue
        right = expected[node.name].astype(np.float64)
        error = gap(right, got[node.name].astype(np.float64))
        allowed = share * max(_SMALL, float(np.abs(right).max(initial=0.0)))
        if not error <= allowed:
            return Divergence(node.name, node.op, error, allowed, agreed)
        agreed += 1
    return None


def gap(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Return the maximum difference, for the permutation of axes that minimizes it; inf for NaN."""
    if a.size != b.size:
        return np.inf
    if a.ndim != b.ndim:
        return _largest(a.reshape(-1), b.reshape(-1))
    orders = (
        order
        for order in permutations(range(a.ndim))
        if tuple(a.shape[axis] for axis in order) == b.shape
    )
    return min((_largest(a.transpose(order), b) for order in orders), default=np.inf)


def _largest(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    with np.errstate(invalid="ignore"):
        gaps = np.where(a == b, 0.0, np.abs(a - b))
    return float(np.nan_to_num(gaps, nan=np.inf).max(initial=0.0))
