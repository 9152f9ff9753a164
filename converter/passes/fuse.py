"""Fuse a convolution or matrix product with the scale, shift and activation that follow.

A scale of channels, such as batch normalization's, is multiplied into the weights, a shift becomes
the bias, an activation becomes an attribute. The result is one TF.js operation:
``_FusedConv2D``, ``FusedDepthwiseConv2dNative`` or ``_FusedMatMul``.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from converter.analyses.affine import Affine, per_channel
from converter.graph import Array, Attribute, Graph, Node

_FUSED = {
    "Conv2D": "_FusedConv2D",
    "DepthwiseConv2dNative": "FusedDepthwiseConv2dNative",
    "MatMul": "_FusedMatMul",
}

_ACTIVATIONS = frozenset({"Relu", "Relu6", "Elu", "Sigmoid", "LeakyRelu", "Prelu"})
"""Activations that TF.js can fuse; it lower-cases the names."""


_SLOPED = {"LeakyRelu": "Prelu", "Prelu": "Prelu"}
"""Operation that an activation with a slope is fused as. The WASM backend's LeakyRelu is not
vectorized, and its depthwise convolutions ignore the slope; its Prelu is vectorized."""


def fuse(graph: Graph) -> Graph:
    """Return the graph with products, scales, shifts and activations fused."""
    users, results = graph.users(), graph.results()
    weights, gone, fused = dict(graph.weights), set[str](), dict[str, Node]()
    for node in graph.nodes:
        if not _is_product(node, weights):
            continue
        followers = _followers(node, users, results)
        affine, count = _absorb(node, followers, weights)
        activation = _activation(node, followers[count:], weights)
        chain = (node, *followers[:count], *activation)
        if len(chain) > 1:
            fused[chain[-1].name] = _emit(chain, affine, activation, weights)
            gone.update(each.name for each in chain)
    nodes = (fused.get(node.name, node) for node in graph.nodes)
    kept = tuple(node for node in nodes if node.name not in gone or node.name in fused)
    return replace(graph, nodes=kept, weights=weights)


def _is_product(node: Node, weights: Mapping[str, Array]) -> bool:
    """Return whether a node is a product with constant float32 weights and channels last."""
    if node.op not in _FUSED or node.inputs[1] not in weights:
        return False
    is_float = weights[node.inputs[1]].dtype == np.float32
    return is_float and node.attributes.get("data_format", "NHWC") == "NHWC"


def _followers(
    node: Node, users: Mapping[str, list[Node]], results: frozenset[str]
) -> tuple[Node, ...]:
    """Return the chain of nodes after one, as long as each result has a single user."""
    chain: list[Node] = []
    while node.name not in results and len(users.get(node.name, ())) == 1:
        node = users[node.name][0]
        chain.append(node)
    return tuple(chain)


def _absorb(
    node: Node, followers: tuple[Node, ...], weights: Mapping[str, Array]
) -> tuple[Affine, int]:
    """Return the combined scale and shift of the first followers, and their number."""
    channels = _channels(node, weights[node.inputs[1]])
    affine, before = Affine.identity(channels), node.name
    for count, follower in enumerate(followers):
        longer = affine.then(follower, before, weights, rank=2 if node.op == "MatMul" else 4)
        if longer is None:
            return affine, count
        affine, before = longer, follower.name
    return affine, len(followers)


def _channels(node: Node, weights: Array) -> int:
    """Return the number of output channels."""
    if node.op == "DepthwiseConv2dNative":
        return int(weights.shape[2] * weights.shape[3])
    return int(weights.shape[0 if node.attributes.get("transpose_b") else -1])


def _activation(
    node: Node, followers: tuple[Node, ...], weights: Mapping[str, Array]
) -> tuple[Node, ...]:
    """Return the activation that follows, if TF.js can fuse it; else nothing."""
    if not followers or followers[0].op not in _ACTIVATIONS:
        return ()
    if followers[0].op in _SLOPED and _slopes(node, followers[0], weights) is None:
        return ()
    return followers[:1]


def _slopes(
    node: Node, activation: Node, weights: Mapping[str, Array]
) -> NDArray[np.float64] | None:
    """Return an activation's slopes as ``(channels,)``; None if they vary along other axes."""
    channels = _channels(node, weights[node.inputs[1]])
    if activation.op == "LeakyRelu":
        alpha = activation.attributes.get("alpha", 0.2)
        return np.full(channels, alpha, np.float64)
    slopes = weights.get(activation.inputs[1])
    rank = 2 if node.op == "MatMul" else 4
    return None if slopes is None else per_channel(slopes, channels, rank)


def _emit(
    chain: tuple[Node, ...],
    affine: Affine,
    activation: tuple[Node, ...],
    weights: dict[str, Array],
) -> Node:
    """Return the fused node, with the name of the chain's last; add its weights to ``weights``."""
    node = chain[0]
    filters, bias = node.inputs[1], f"{node.name}/bias"
    if not np.array_equal(affine.scale, np.ones_like(affine.scale)):
        filters = f"{node.name}/weights"
        weights[filters] = _scaled(node, weights[node.inputs[1]], affine.scale)
    if node.attributes.get("transpose_b"):  # the WASM backend's fused product transposes wrongly
        transposed = f"{node.name}/transposed"
        weights[transposed] = weights[filters].T
        filters = transposed
    weights[bias] = affine.shift.astype(np.float32)
    attributes: dict[str, Attribute] = {
        **node.attributes,
        "fused_ops": ("BiasAdd", *(_SLOPED.get(each.op, each.op) for each in activation)),
        "num_args": 1,
    }
    if "transpose_b" in attributes:
        attributes["transpose_b"] = False
    inputs = [node.inputs[0], filters, bias]
    if activation and activation[0].op in _SLOPED:
        slopes = np.asarray(_slopes(node, activation[0], weights), np.float32)
        # LeakyRelu has one slope: its weight is shared by all products of the same width.
        shared = f"slopes/{slopes.size}x{float(slopes[0])}"
        inputs.append(shared if activation[0].op == "LeakyRelu" else f"{node.name}/slopes")
        attributes["num_args"] = 2
        weights[inputs[-1]] = slopes
    return Node(chain[-1].name, _FUSED[node.op], tuple(inputs), attributes)


def _scaled(node: Node, weights: Array, scale: NDArray[np.float64]) -> Array:
    """Return a product's weights with each output channel scaled."""
    if node.op == "DepthwiseConv2dNative":
        scale = scale.reshape(weights.shape[2:])  # (inputs, multiplier); channels run over both
    elif node.attributes.get("transpose_b"):
        scale = scale[:, None]
    return (weights * scale).astype(np.float32)
