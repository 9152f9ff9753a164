"""Fold per-channel scales and shifts into the convolution or matrix product that follows.

A scale is multiplied into the weights. A shift becomes a bias, except where a convolution pads:
zeros around the image are not shifted. There the shift remains a node, and only the scale is
folded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from converter.analyses import shapes
from converter.analyses.affine import Affine
from converter.graph import Array, Graph, Node

_PLAIN = {"Conv2D": 2, "DepthwiseConv2dNative": 2, "MatMul": 0}
_FUSED = {"_FusedConv2D": 2, "FusedDepthwiseConv2dNative": 2, "_FusedMatMul": 0}
_INPUT_AXIS = _PLAIN | _FUSED
"""Axis of a product's weights that runs over its input channels."""


@dataclass(frozen=True)
class _Before:
    """The nodes before a product that scale and shift its input.

    Attributes:
        root: Reference to the input of the first of them.
        steps: Number of these nodes.
        affine: Their combined effect.
    """

    root: str
    steps: int
    affine: Affine


def absorb(graph: Graph) -> Graph:
    """Return the graph with scales and shifts before products folded into these.

    Folded nodes stay for other users; `prune` drops those without any.
    """
    known, weights, nodes = shapes.table(graph), dict(graph.weights), list[Node]()
    made = {node.name: node for node in graph.nodes}
    for node in graph.nodes:
        if not _is_product(node, weights):
            nodes.append(node)
            continue
        before = _before(node.inputs[0], made, graph, known)
        nodes += _folded(node, before, weights) if _gains(node, before, weights) else [node]
    return replace(graph, nodes=tuple(nodes), weights=weights)


def _is_product(node: Node, weights: Mapping[str, Array]) -> bool:
    """Return whether a node is a product with constant weights and channels last."""
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
    """Return the chain of nodes that scale and shift channels up to a reference."""
    shape = known.get(reference) or ()
    one = total = Affine.identity(shape[-1] if shape else 0)
    steps = 0
    while shape and (node := made.get(reference)) is not None:
        operands = [each for each in node.inputs if each not in graph.weights]
        # Broadcasting may turn one channel into several.
        if len(operands) != 1 or known.get(operands[0]) != shape:
            break
        affine = one.then(node, operands[0], graph.weights, len(shape))
        if affine is None:
            break
        total, reference, steps = affine.followed(total), operands[0], steps + 1
    return _Before(reference, steps, total)


def _gains(node: Node, before: _Before, weights: Mapping[str, Array]) -> bool:
    """Return whether folding saves a node: a shift that remains is a node itself."""
    if before.affine.shift.any() and _pads(node, weights):
        return before.steps > 1 and bool(before.affine.scale.all())
    return before.steps > 0


def _pads(node: Node, weights: Mapping[str, Array]) -> bool:
    """Return whether a product pads its input with zeros."""
    if "MatMul" in node.op or node.attributes.get("padding") == "VALID":
        return False
    return weights[node.inputs[1]].shape[:2] != (1, 1) or "explicit_paddings" in node.attributes


def _folded(node: Node, before: _Before, weights: dict[str, Array]) -> list[Node]:
    """Return the nodes that replace a product; add their weights to ``weights``."""
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
    """Return the product of a constant input with the filters: ``(outputs,) float64``."""
    exact = filters.astype(np.float64)
    rule = "i,io->o" if "MatMul" in node.op else "i,hwio->o"
    if "Depthwise" in node.op:
        rule = "i,hwio->io"
    made: NDArray[np.float64] = np.einsum(rule, shift, exact)
    return made.reshape(-1)
