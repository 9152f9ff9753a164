"""Let reductions drop the axes that they reduce, where a Reshape after them would do it."""

from collections.abc import Mapping
from dataclasses import replace

from converter.graph import Array, Graph, Node
from converter.passes import shapes

_REDUCTIONS = frozenset({"All", "Any", "Max", "Mean", "Min", "Prod", "Sum"})


def squeeze(graph: Graph) -> Graph:
    """Return the graph without what only drops axes that were just reduced."""
    known, users, results = shapes.table(graph), graph.users(), graph.results()
    made: dict[str, Node] = {}
    for node in graph.nodes:
        follower = users.get(node.name, ())
        if node.name in results or len(follower) != 1 or follower[0].op != "Reshape":
            continue
        if node.op in _REDUCTIONS and node.attributes.get("keep_dims"):
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
    """Return what a reduction's shape would be without the axes that it reduces."""
    given, axes = known.get(node.inputs[0]), weights.get(node.inputs[1])
    if given is None or axes is None:
        return None
    gone = {int(axis) % len(given) for axis in axes.reshape(-1)}
    return tuple(side for i, side in enumerate(given) if i not in gone)
