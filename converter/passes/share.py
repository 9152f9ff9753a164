"""Merge equal nodes and equal weights."""

import hashlib
from collections.abc import Hashable, Mapping
from dataclasses import replace

from converter.graph import Array, Graph, Node

_NEVER_SHARED = ("Empty", "Hash", "Lookup", "Multinomial", "Random", "Tensor", "Truncated")
"""Prefixes of operations with random results or with state."""


def share(graph: Graph) -> Graph:
    """Return the graph with the first of equal nodes, and the first of equal weights."""
    same = _equal_weights(graph.weights)
    first: dict[Hashable, str] = {}
    kept = list[Node]()
    for node in (each.rewired(same) for each in graph.nodes):
        key = (node.op, node.inputs, tuple(sorted(node.attributes.items())))
        if node.op.startswith(_NEVER_SHARED) or key not in first:
            first[key] = node.name
            kept.append(node)
        else:
            same[node.name] = first[key]
    weights = {name: array for name, array in graph.weights.items() if name not in same}
    outputs = tuple(output.rewired(same) for output in graph.outputs)
    return replace(graph, nodes=tuple(kept), weights=weights, outputs=outputs)


def _equal_weights(weights: Mapping[str, Array]) -> dict[str, str]:
    """Return the name of an earlier equal weight, for each weight that has one."""
    first: dict[Hashable, str] = {}
    same: dict[str, str] = {}
    for name, array in weights.items():
        content = hashlib.sha256(array.tobytes()).digest()
        other = first.setdefault((array.dtype.str, array.shape, content), name)
        if other != name:
            same[name] = other
    return same
