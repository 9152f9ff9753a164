"""Where two runs of a network part: the first node whose result differs.

Passes keep a node's name as long as it means the same, whatever they melt into it, and only change
the order of its axes. So what nodes of the same name make can be compared, up to that order.
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
"""What nodes made, by their names."""

_SMALL = 0.01
"""Differences count against a tensor's largest value, or this: what cancels out is noise."""


@dataclass(frozen=True)
class Divergence:
    """The first node, in order of computation, that two runs do not agree on.

    Attributes:
        node: Its name.
        op: Its operation.
        error: Largest absolute difference of what it makes.
        allowed: How large it may have been.
        agreed: How many nodes before it were compared, and agree.
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
    """Return what a source computes on the way, and its outputs, by the names of nodes.

    Nothing but outputs if its runtime does not show the rest.
    """
    traced = dict(model.trace(case)) if model.trace else {}
    for node in reversed(model.graph.nodes):  # what is transposed is the same but for its order
        if node.op in {"Transpose", "Identity"} and node.name in traced:
            traced.setdefault(node.inputs[0], traced[node.name])
    names = (output.tensor.name for output in model.graph.outputs)
    return {**traced, **dict(zip(names, model.run(case), strict=True))}


def network(form: Form, backend: str, case: Sequence[NDArray[Any]]) -> Traced:
    """Return what all nodes of a network make in TF.js, by their names."""
    names = [node.name for node in form.graph.nodes]
    return tfjs.trace(form.files, backend, form.graph.inputs, names, case)


def first(nodes: Iterable[Node], expected: Traced, got: Traced, share: float) -> Divergence | None:
    """Return the first node, of those that both runs show, whose results differ.

    Args:
        nodes: In order of computation.
        expected: What they should make.
        got: What they make.
        share: How large a difference may be, as a share of a result's largest value.
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
    """Return the largest difference in the order of axes where it is smallest; inf for NaN."""
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
