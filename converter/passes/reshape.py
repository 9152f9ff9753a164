"""Merge consecutive reshapes, and drop those that keep the shape."""

from dataclasses import replace

from converter.analyses import shapes
from converter.graph import Graph, Node


def reshape(graph: Graph) -> Graph:
    """Return the graph without reshapes of reshapes, and without reshapes to the same shape."""
    known, nodes, same = shapes.table(graph), list[Node](), dict[str, str]()
    made: dict[str, Node] = {}
    for node in (each.rewired(same) for each in graph.nodes):
        kept = node
        before = made.get(node.inputs[0]) if node.op == "Reshape" else None
        if before is not None and before.op == "Reshape" and known.get(node.name) is not None:
            kept = replace(node, inputs=(before.inputs[0], node.inputs[1]))
        shape = known.get(kept.inputs[0]) if kept.op == "Reshape" else None
        if shape is not None and shape == known.get(kept.name):
            same[kept.name] = kept.inputs[0]
        else:
            nodes.append(kept)
            made[kept.name] = kept
    outputs = tuple(output.rewired(same) for output in graph.outputs)
    return replace(graph, nodes=tuple(nodes), outputs=outputs)
