"""Move transposes through a network, so that most of them cancel.

ONNX's images are NCHW and TF.js's NHWC: a graph that was read from ONNX has a Transpose before
and after each convolution. This pass visits the nodes once and postpones every Transpose. For each
tensor of the old graph it keeps a `View`: a tensor of the new graph that has the same elements in
another order of axes, and that order. `rules` rewrite operations that work in any order, with
their constants transposed; a Transpose only changes the order of a view, so inverse ones cancel.
Operations without a rule get their inputs in the original order, with a Transpose where needed.
"""

from dataclasses import replace

from converter.graph import Graph
from converter.passes.layout.rewrite import Rewrite
from converter.passes.layout.rules import RULES


def layout(graph: Graph) -> Graph:
    """Return the graph with fewer transposes; its inputs and outputs keep their order of axes."""
    if not any(node.op == "Transpose" for node in graph.nodes):
        return graph
    made = Rewrite(graph)
    for node in graph.nodes:
        rule = RULES.get(node.op)
        view = rule(made, node) if rule else None
        made.views[node.name] = view if view is not None else made.keep(node)
    outputs = tuple(replace(output, source=made.plain(output.source)) for output in graph.outputs)
    return replace(graph, nodes=tuple(made.nodes), outputs=outputs, weights=made.weights)
