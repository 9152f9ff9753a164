"""Name the nodes that compute the outputs after the outputs."""

from dataclasses import replace

from converter.errors import GraphError
from converter.graph import Graph, Node, Output


def name(graph: Graph) -> Graph:
    """Return the graph with every output computed by a node of its name.

    An output that is an input, a weight, a second output of a node, or equal to another output
    gets an Identity.

    Raises:
        GraphError: If an output and an input have the same name.
    """
    _check_names(graph)
    names = _new_names(graph)
    nodes = [
        replace(node.rewired(names), name=names.get(node.name, node.name)) for node in graph.nodes
    ]
    weights = {names.get(name, name): array for name, array in graph.weights.items()}
    outputs = []
    for output in (each.rewired(names) for each in graph.outputs):
        if output.source != output.tensor.name:
            nodes.append(Node(output.tensor.name, "Identity", (output.source,)))
        outputs.append(Output(output.tensor, output.tensor.name))
    return replace(graph, nodes=tuple(nodes), outputs=tuple(outputs), weights=weights)


def _check_names(graph: Graph) -> None:
    for output in graph.outputs:
        if output.tensor.name in {each.name for each in graph.inputs}:
            raise GraphError(f"{output.tensor.name}: is an input as well as an output; rename one")


def _new_names(graph: Graph) -> dict[str, str]:
    """Return new names by old, for nodes that compute outputs and for others with these names."""
    made_by_nodes = {node.name for node in graph.nodes}
    names: dict[str, str] = {}
    for output in graph.outputs:
        if output.source in made_by_nodes and output.source not in names:
            names[output.source] = output.tensor.name
    wanted = {output.tensor.name for output in graph.outputs}
    taken = (made_by_nodes | set(graph.weights)) & wanted
    return names | {each: f"{each}/inner" for each in taken - set(names)}
