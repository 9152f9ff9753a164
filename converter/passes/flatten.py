"""Move per-channel operations across a Reshape, next to a matrix product.

MatMul takes matrices, while a network's tensors often have more axes, with a Reshape on either
side. Scales, shifts and activations of channels commute with such a Reshape; next to the product,
`fuse` and `absorb` can fold them.
"""

from collections.abc import Mapping
from dataclasses import replace

from converter.analyses import shapes
from converter.analyses.affine import Affine, per_channel
from converter.graph import Array, Graph, Node

_ACTIVATIONS = frozenset({"Elu", "LeakyRelu", "Relu", "Relu6", "Sigmoid"})


def flatten(graph: Graph) -> Graph:
    """Return the graph with per-channel operations on the matrix side of every Reshape.

    Nodes that are replaced stay; `prune` drops them.
    """
    return _Flatten(graph).run()


class _Flatten:
    def __init__(self, graph: Graph) -> None:
        users = graph.users()
        self.graph = graph
        self.known = shapes.table(graph)
        self.made = {node.name: node for node in graph.nodes}
        self.single = {name for name, each in users.items() if len(each) == 1} - graph.results()
        products = (node for node in graph.nodes if node.op == "MatMul")
        self.before = {node.inputs[0] for node in products} & self.single
        self.weights: dict[str, Array] = dict(graph.weights)
        self.behind: dict[str, Node] = {}
        """Reshapes after a product, or after operations that were moved next to it, by name."""

    def run(self) -> Graph:
        nodes = tuple(each for node in self.graph.nodes for each in self._moved(node))
        return replace(self.graph, nodes=nodes, weights=self.weights)

    def _moved(self, node: Node) -> list[Node]:
        """Return the nodes that replace one."""
        if node.op == "Reshape" and self._keeps_channels(node):
            producer = self.made.get(node.inputs[0])
            if producer is not None and producer.op == "MatMul":
                self.behind[node.name] = node
            elif node.name in self.before:
                return self._hoisted(node)
        operand = self._operand(node)
        reshape = self.behind.get(operand) if operand in self.single else None
        if reshape is None or not self._is_by_channel(node):
            return [node]
        flat = self._flat(node, {operand: reshape.inputs[0]}, f"{node.name}/flat")
        later = replace(reshape, name=node.name, inputs=(flat.name, reshape.inputs[1]))
        self.behind[node.name] = later
        return [flat, later]

    def _hoisted(self, reshape: Node) -> list[Node]:
        """Return a Reshape followed by the scales and shifts that were before it."""
        chain, root = list[Node](), reshape.inputs[0]
        while (node := self.made.get(root)) is not None and root in self.single:
            if not self._is_affine(node):
                break
            chain.insert(0, node)
            root = self._operand(node)
        if not chain:
            return [reshape]
        names = [*(f"{node.name}/flat" for node in chain[:-1]), reshape.name]
        first = replace(reshape, name=f"{reshape.name}/flat", inputs=(root, reshape.inputs[1]))
        nodes, before = [first], first.name
        for node, name in zip(chain, names, strict=True):
            nodes.append(self._flat(node, {self._operand(node): before}, name))
            before = name
        return nodes

    def _keeps_channels(self, reshape: Node) -> bool:
        old, new = self.known.get(reshape.inputs[0]), self.known.get(reshape.name)
        if not old or not new:
            return False
        return old[-1] == new[-1] and 2 in {len(old), len(new)}

    def _operand(self, node: Node) -> str:
        """Return a node's only input that is not constant; empty if there is not exactly one."""
        operands = [each for each in node.inputs if each not in self.graph.weights]
        return operands[0] if len(operands) == 1 else ""

    def _is_affine(self, node: Node) -> bool:
        operand = self._operand(node)
        shape = self.known.get(operand)
        if not shape or self.known.get(node.name) != shape:
            return False
        one = Affine.identity(shape[-1])
        return one.then(node, operand, self.graph.weights, len(shape)) is not None

    def _is_by_channel(self, node: Node) -> bool:
        """Return whether a node applies one function to each channel, at all positions."""
        shape = self.known.get(node.inputs[0])
        if node.op == "Prelu" and shape and node.inputs[1] in self.graph.weights:
            slopes = self.graph.weights[node.inputs[1]]
            return per_channel(slopes, shape[-1], len(shape)) is not None
        return node.op in _ACTIVATIONS or self._is_affine(node)

    def _flat(self, node: Node, names: Mapping[str, str], name: str) -> Node:
        """Return a node for a matrix, with its constants flattened to ``(channels,)``."""
        inputs = []
        for reference in node.inputs:
            array = self.graph.weights.get(reference)
            if array is None or array.ndim < 2:
                inputs.append(names.get(reference, reference))
            else:
                inputs.append(f"{reference}/flat")
                self.weights[inputs[-1]] = array.reshape(-1)
        return replace(node, name=name, inputs=tuple(inputs))
