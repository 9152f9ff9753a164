"""Expand TensorFlow's batch normalization into Mul and AddV2, which `fuse` folds into products."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from converter.graph import Array, Graph, Node, producer

_OPS = frozenset({"FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"})
_EPSILON = 1e-4
"""TensorFlow's default, https://www.tensorflow.org/api_docs/python/tf/raw_ops/FusedBatchNormV3."""


def batchnorm(graph: Graph) -> Graph:
    """Return the graph with batch normalization by constant statistics as Mul and AddV2."""
    references = [*(each for node in graph.nodes for each in node.inputs)]
    references += [output.source for output in graph.outputs]
    with_statistics = {producer(each) for each in references if ":" in each}
    weights, nodes = dict(graph.weights), list[Node]()
    for node in graph.nodes:
        if _is_constant(node, weights) and node.name not in with_statistics:
            nodes += _expanded(node, weights)
        else:
            nodes.append(node)
    return replace(graph, nodes=tuple(nodes), weights=weights)


def _is_constant(node: Node, weights: Mapping[str, Array]) -> bool:
    """Return whether a node normalizes by constant statistics, with channels last."""
    return (
        node.op in _OPS
        and node.attributes.get("is_training") is False
        and node.attributes.get("data_format", "NHWC") == "NHWC"
        and all(each in weights for each in node.inputs[1:5])
    )


def _expanded(node: Node, weights: dict[str, Array]) -> tuple[Node, Node]:
    """Return Mul and AddV2, the latter with the node's name; add their weights to ``weights``."""
    scale, offset, mean, variance = (weights[each].astype(np.float64) for each in node.inputs[1:5])
    epsilon = node.attributes.get("epsilon", _EPSILON)
    factor = scale / np.sqrt(variance + (epsilon if isinstance(epsilon, float) else _EPSILON))
    product, by, plus = (f"{node.name}/{each}" for each in ("scaled", "scale", "shift"))
    weights[by] = factor.astype(np.float32)
    weights[plus] = (offset - mean * factor).astype(np.float32)
    return Node(product, "Mul", (node.inputs[0], by)), Node(node.name, "AddV2", (product, plus))
