"""Push transposes out of a network, so that most of them cancel.

ONNX's images are NCHW and TF.js's NHWC: a graph that was read from ONNX has a Transpose before
and after each convolution. This walks along the graph once and postpones every Transpose: instead
of the tensor that a reference names it keeps one with the same elements in another order of axes,
and that order, as a `View`. Operations that work on any order are made to work on that one, and
their constants are transposed; a Transpose changes the order and costs nothing; a Transpose that
undoes another cancels it. What needs the axes as they were gets a Transpose after all.
"""

from dataclasses import replace

from converter.graph import Graph
from converter.passes.layout_rules import RULES
from converter.passes.views import Rewrite


def layout(graph: Graph) -> Graph:
    """Return the graph with as few transposes as this finds; inputs and outputs stay."""
    if not any(node.op == "Transpose" for node in graph.nodes):
        return graph
    made = Rewrite(graph)
    for node in graph.nodes:
        rule = RULES.get(node.op)
        view = rule(made, node) if rule else None
        made.views[node.name] = view if view is not None else made.keep(node)
    outputs = tuple(replace(output, source=made.plain(output.source)) for output in graph.outputs)
    return replace(graph, nodes=tuple(made.nodes), outputs=outputs, weights=made.weights)
