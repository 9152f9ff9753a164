"""Drop reduced axes in the reduction itself, where a Reshape after it does so."""

from collections.abc import Mapping
from dataclasses import replace

from converter.analyses import shapes
from converter.analyses.operations import REDUCTIONS
from converter.graph import Array, Graph, Node


def squeeze(graph: Graph) -> Graph:
    """Return the graph without reshapes that only drop the axes of a reduction."""
    known, users, results = shapes.table(graph), graph.users(), graph.results()
    made: dict[str, Node] = {}
    for node in graph.nodes:
        follower = users.get(node.name, ())
        if node.name in results or len(follower) != 1 or follower[0].op != "Reshape":
            continue
        if node.op in REDUCTIONS and node.attributes.get("keep_dims"):
            shape = _without_axes(node, known, graph.weights)
            if shape is not None and shape == known.get(follower[0].name):
                attributes = {**node.attributes, "keep_dims": False}
                made[node.name] = replace(node, name=follower[0].name, attributes=attributes)
    names = {each.name for each in made.values()}
    kept = (each for each in graph.nodes if each.name not in names)
    return replace(graph, nodes=tuple(made.get(each.name, each) for each in kept))


def _without_axes(
    node: Node, known: Mapping[str, shapes.Known], weights: Mapping[str, Array]
) -> shapes.Known:
    """Return the shape of a reduction's result without the reduced axes."""
    given, axes = known.get(node.inputs[0]), weights.get(node.inputs[1])
    if given is None or axes is None:
        return None
    gone = {int(axis) % len(given) for axis in axes.reshape(-1)}
    return tuple(side for i, side in enumerate(given) if i not in gone)
