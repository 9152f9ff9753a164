"""Fold zero padding into the convolution that follows."""

from collections.abc import Mapping
from dataclasses import replace

from converter.analyses.operations import CONVOLUTIONS
from converter.graph import Array, Graph, Node


def pad(graph: Graph) -> Graph:
    """Return the graph with Pad as explicit padding of the convolutions that use it.

    The Pad stays for other users; `prune` drops it if there are none.
    """
    pads = {node.name: node for node in graph.nodes if node.op in {"Pad", "PadV2"}}
    nodes = (_padded(node, pads, graph.weights) for node in graph.nodes)
    return replace(graph, nodes=tuple(nodes))


def _padded(node: Node, pads: Mapping[str, Node], weights: Mapping[str, Array]) -> Node:
    before = pads.get(node.inputs[0]) if node.op in CONVOLUTIONS else None
    if before is None or node.attributes.get("padding") != "VALID":
        return node
    rows = weights.get(before.inputs[1])
    if rows is None or rows.shape != (4, 2) or rows[[0, 3]].any() or (rows < 0).any():
        return node
    if before.op == "PadV2" and not _is_zero(weights.get(before.inputs[2])):
        return node
    if node.attributes.get("data_format", "NHWC") != "NHWC":
        return node
    attributes = {
        **node.attributes,
        "padding": "EXPLICIT",
        "explicit_paddings": tuple(int(side) for side in rows.reshape(-1)),
    }
    return replace(node, inputs=(before.inputs[0], *node.inputs[1:]), attributes=attributes)


def _is_zero(array: Array | None) -> bool:
    return array is not None and not array.any()
