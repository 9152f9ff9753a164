"""Recognise a leaky rectifier with learned slopes, which TensorFlow writes as five operations."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from converter.graph import Array, Graph, Node


def prelu(graph: Graph) -> Graph:
    """Return the graph with ``relu(x) + c * relu(-x)``, as Keras has it, as ``prelu(x, -c)``.

    What computed it stays for others that take it; `prune` drops the rest.
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
    """Return what a sum rectifies, and the weight that scales the negative part."""
    if node.op not in {"Add", "AddV2"}:
        return None
    for positive, scaled in (node.inputs, node.inputs[::-1]):
        x, product = _operand(positive, "Relu", made), made.get(scaled)
        if x is None or product is None or product.op != "Mul":
            continue
        for factor, negative in (product.inputs, product.inputs[::-1]):
            turned = _operand(negative, "Relu", made)
            if factor in weights and turned and _operand(turned, "Neg", made) == x:
                return x, factor
    return None


def _operand(reference: str, op: str, made: Mapping[str, Node]) -> str | None:
    """Return what an operation takes, if it is that one that makes a reference."""
    node = made.get(reference)
    return node.inputs[0] if node is not None and node.op == op else None
