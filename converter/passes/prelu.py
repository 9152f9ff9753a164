"""Replace the five operations that Keras emits for PReLU by one."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from converter.graph import Array, Graph, Node


def prelu(graph: Graph) -> Graph:
    """Return the graph with ``prelu(x, -c)`` in place of ``relu(x) + c * relu(-x)``.

    The replaced nodes stay for other users; `prune` drops those without any.
    """
    made = {node.name: node for node in graph.nodes}
    weights, nodes = dict(graph.weights), list[Node]()
    for node in graph.nodes:
        found = _found(node, made, graph.weights)
        if found is None:
            nodes.append(node)
            continue
        x, factor = found
        slope = f"{node.name}/slope"
        weights[slope] = np.negative(graph.weights[factor].astype(np.float32))
        nodes.append(Node(node.name, "Prelu", (x, slope)))
    return replace(graph, nodes=tuple(nodes), weights=weights)


def _found(
    node: Node, made: Mapping[str, Node], weights: Mapping[str, Array]
) -> tuple[str, str] | None:
    """Return ``x`` and the name of ``c``, if a node is ``relu(x) + c * relu(-x)``."""
    if node.op not in {"Add", "AddV2"}:
        return None
    for positive, scaled in (node.inputs, node.inputs[::-1]):
        x, product = _operand(positive, "Relu", made), made.get(scaled)
        if x is None or product is None or product.op != "Mul":
            continue
        for factor, negative in (product.inputs, product.inputs[::-1]):
            negated = _operand(negative, "Relu", made)
            if factor in weights and negated and _operand(negated, "Neg", made) == x:
                return x, factor
    return None


def _operand(reference: str, op: str, made: Mapping[str, Node]) -> str | None:
    """Return the input of the node that a reference names, if the node is an ``op``."""
    node = made.get(reference)
    return node.inputs[0] if node is not None and node.op == op else None
