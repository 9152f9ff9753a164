"""Melt scales and shifts of channels into the convolution or matrix product that takes them.

A scale goes into the weights. A shift becomes a bias, but for a convolution that pads: around the
image it would be missing. There it stays, and only the scale goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from converter.graph import Array, Graph, Node
from converter.passes import shapes
from converter.passes.affine import Affine

_PLAIN = {"Conv2D": 2, "DepthwiseConv2dNative": 2, "MatMul": 0}
_FUSED = {"_FusedConv2D": 2, "FusedDepthwiseConv2dNative": 2, "_FusedMatMul": 0}
_INPUT_AXIS = _PLAIN | _FUSED
"""The axis of a product's weights that goes with the channels that it takes."""


@dataclass(frozen=True)
class _Before:
    """What is done to channels before a product.

    Attributes:
        root: The reference to what it is done to.
        steps: How many nodes do it.
        affine: What they do.
    """

    root: str
    steps: int
    affine: Affine


def absorb(graph: Graph) -> Graph:
    """Return the graph with as few operations before products as this finds.

    Those that are melted stay for others that take them; `prune` drops the rest.
    """
    known, weights, nodes = shapes.table(graph), dict(graph.weights), list[Node]()
    made = {node.name: node for node in graph.nodes}
    for node in graph.nodes:
        if not _is_product(node, weights):
            nodes.append(node)
            continue
        before = _before(node.inputs[0], made, graph, known)
        nodes += _melted(node, before, weights) if _gains(node, before, weights) else [node]
    return replace(graph, nodes=tuple(nodes), weights=weights)


def _is_product(node: Node, weights: Mapping[str, Array]) -> bool:
    """Tell whether a node is a product with constant weights, and channels last."""
    return (
        node.op in _INPUT_AXIS
        and all(each in weights for each in node.inputs[1:])
        and weights[node.inputs[1]].dtype == np.float32
        and node.attributes.get("data_format", "NHWC") == "NHWC"
        and not node.attributes.get("transpose_a")
        and not node.attributes.get("transpose_b")
    )


def _before(
    reference: str, made: Mapping[str, Node], graph: Graph, known: Mapping[str, shapes.Known]
) -> _Before:
    """Return what is done to the channels of what a reference names."""
    shape = known.get(reference) or ()
    one = total = Affine.identity(shape[-1] if shape else 0)
    steps = 0
    while shape and (node := made.get(reference)) is not None:
        operands = [each for each in node.inputs if each not in graph.weights]
        # One channel may become several on the way.
        if len(operands) != 1 or known.get(operands[0]) != shape:
            break
        affine = one.then(node, operands[0], graph.weights, len(shape))
        if affine is None:
            break
        total, reference, steps = affine.followed(total), operands[0], steps + 1
    return _Before(reference, steps, total)


def _gains(node: Node, before: _Before, weights: Mapping[str, Array]) -> bool:
    """Tell whether melting saves a node: a shift that has to stay is one itself."""
    if before.affine.shift.any() and _pads(node, weights):
        return before.steps > 1 and bool(before.affine.scale.all())
    return before.steps > 0


def _pads(node: Node, weights: Mapping[str, Array]) -> bool:
    """Tell whether a product computes with zeros around what it takes."""
    if "MatMul" in node.op or node.attributes.get("padding") == "VALID":
        return False
    return weights[node.inputs[1]].shape[:2] != (1, 1) or "explicit_paddings" in node.attributes


def _melted(node: Node, before: _Before, weights: dict[str, Array]) -> list[Node]:
    """Return the nodes instead of a product; add their weights to ``weights``."""
    scale, shift, root = before.affine.scale, before.affine.shift, before.root
    filters, rescaled = weights[node.inputs[1]], f"{node.name}/rescaled"
    sides = [len(scale) if i == _INPUT_AXIS[node.op] else 1 for i in range(filters.ndim)]
    weights[rescaled] = (filters * scale.reshape(sides)).astype(np.float32)
    product = replace(node, inputs=(root, rescaled, *node.inputs[2:]))
    if not shift.any():
        return [product]
    if _pads(node, weights):
        by, shifted = f"{node.name}/shift", f"{node.name}/shifted"
        weights[by] = (shift / scale).astype(np.float32)
        inputs = (shifted, *product.inputs[1:])
        return [Node(shifted, "AddV2", (root, by)), replace(product, inputs=inputs)]
    bias, offset = f"{node.name}/offset", _through(node, filters, shift)
    if node.op in _FUSED:
        weights[bias] = (weights[node.inputs[2]] + offset).astype(np.float32)
        return [replace(product, inputs=(*product.inputs[:2], bias, *node.inputs[3:]))]
    weights[bias] = offset.astype(np.float32)
    inner = replace(product, name=f"{node.name}/product")
    return [inner, Node(node.name, "AddV2", (inner.name, bias))]


def _through(node: Node, filters: Array, shift: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a product makes of a shift that is the same everywhere, ``(outputs,)``."""
    whole = filters.astype(np.float64)
    rule = "i,io->o" if "MatMul" in node.op else "i,hwio->o"
    if "Depthwise" in node.op:
        rule = "i,hwio->io"
    made: NDArray[np.float64] = np.einsum(rule, shift, whole)
    return made.reshape(-1)
