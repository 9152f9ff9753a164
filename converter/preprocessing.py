"""Normalization moved into a network, so that `prepare` hands over pixels as they are.

A recipe melts it with `normalizing` and leaves mean and deviation out of its card's preprocessing.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from converter.errors import GraphError
from converter.graph import Graph, Node
from converter.passes import optimise
from converter.readers import Source


def normalizing(source: Source, mean: Sequence[float], std: Sequence[float]) -> Source:
    """Return a model that normalizes what it takes, in the weights of its first layer.

    Args:
        source: A model with one input, float32 with channels last, that takes ``(x - mean) / std``.
        mean: One for each channel, or one for all.
        std: As `mean`; none is zero.

    Returns:
        The same model, which takes ``x``; its graph is optimised.

    Raises:
        GraphError: If the input is another, or the first layer cannot take it in exactly: where
            a convolution pads with zeros, that is the mean, and not zero any more.
    """
    if len(source.graph.inputs) != 1 or source.graph.inputs[0].dtype != "float32":
        raise GraphError("normalization: expected a model with one input of type float32")
    tensor, optimised = source.graph.inputs[0], optimise(source.graph)
    for name, each in (("mean", mean), ("std", std)):
        if len(each) not in {1, tensor.shape[-1]}:
            raise GraphError(
                f"{name}: expected one number or {tensor.shape[-1]}, one for each channel of "
                f"{tensor.name}, got {len(each)}"
            )
    if 0 in std:
        raise GraphError("std: is zero in a channel; leave that channel's at one")
    less, by = np.asarray(mean, np.float32), np.asarray(std, np.float32)
    graph = optimise(_normalized(optimised, less, by))
    if len(graph.nodes) > len(optimised.nodes):
        first = next(node for node in optimised.nodes if tensor.name in node.inputs)
        raise GraphError(
            f"{first.op} {first.name}: cannot take in the mean, because it pads with zeros or is "
            "no convolution or matrix product; melt the deviation alone, with a mean of zero, or "
            "normalize in `prepare`"
        )

    def normalized(arrays: Sequence[NDArray[Any]]) -> Sequence[NDArray[Any]]:
        (array,) = arrays
        return [((array - less) / by).astype(np.float32)]

    return source.taking(graph, normalized)


def _normalized(graph: Graph, mean: NDArray[np.float32], std: NDArray[np.float32]) -> Graph:
    """Return the graph with two operations behind its input."""
    name = graph.inputs[0].name
    less, divided, by, than = (f"{name}/{each}" for each in ("less", "divided", "std", "mean"))
    nodes = (
        Node(less, "Sub", (name, than)),
        Node(divided, "RealDiv", (less, by)),
        *(node.rewired({name: divided}) for node in graph.nodes),
    )
    weights = {**graph.weights, than: mean, by: std}
    outputs = tuple(output.rewired({name: divided}) for output in graph.outputs)
    return replace(graph, nodes=nodes, weights=weights, outputs=outputs)
