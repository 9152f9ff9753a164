"""Melt padding with zeros into the convolution that follows it."""

from collections.abc import Mapping
from dataclasses import replace

from converter.graph import Array, Graph, Node

_CONVOLUTIONS = frozenset(
    {"Conv2D", "DepthwiseConv2dNative", "_FusedConv2D", "FusedDepthwiseConv2dNative"}
)


def pad(graph: Graph) -> Graph:
    """Return the graph with what was padded around images made a convolution's own padding.

    The Pad itself stays for others that take it; without any, `prune` drops it.
    """
    pads = {node.name: node for node in graph.nodes if node.op in {"Pad", "PadV2"}}
    nodes = (_padded(node, pads, graph.weights) for node in graph.nodes)
    return replace(graph, nodes=tuple(nodes))


def _padded(node: Node, pads: Mapping[str, Node], weights: Mapping[str, Array]) -> Node:
    before = pads.get(node.inputs[0]) if node.op in _CONVOLUTIONS else None
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
