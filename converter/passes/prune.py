"""Drop nodes and weights that no output depends on."""

from dataclasses import replace

from converter.graph import Graph, producer


def prune(graph: Graph) -> Graph:
    """Return the graph without nodes and weights that no output depends on; inputs all stay."""
    needed = set(graph.results())
    kept = []
    for node in reversed(graph.nodes):
        if node.name in needed:
            kept.append(node)
            needed.update(map(producer, node.inputs))
    weights = {name: array for name, array in graph.weights.items() if name in needed}
    return replace(graph, nodes=tuple(reversed(kept)), weights=weights)
