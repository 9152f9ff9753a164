"""Folds the normalization of inputs into a network, so that it takes pixels as they are.

A recipe that does so with `normalizing` leaves mean and standard deviation out of its card.
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
    """Return a model that takes ``x``, given one that takes ``(x - mean) / std``.

    Mean and standard deviation are folded into the weights of its first layer.

    Args:
        source: A model with one float32 input, channels last.
        mean: One value for each channel, or one for all.
        std: Standard deviation, as `mean`; not zero.

    Returns:
        The new model, with an optimised graph.

    Raises:
        GraphError: If the model has other inputs, or the first layer cannot absorb the
            normalization exactly: a convolution that pads with zeros would have to pad with the
            mean.
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
        raise GraphError("std: is zero in a channel; use one for that channel")
    means, stds = np.asarray(mean, np.float32), np.asarray(std, np.float32)
    graph = optimise(_normalized(optimised, means, stds))
    if len(graph.nodes) > len(optimised.nodes):
        first = next(node for node in optimised.nodes if tensor.name in node.inputs)
        raise GraphError(
            f"{first.op} {first.name}: cannot take in the mean, because it pads with zeros or is "
            "no convolution or matrix product; fold the deviation alone, with a mean of zero, or "
            "normalize in `prepare`"
        )

    def normalized(arrays: Sequence[NDArray[Any]]) -> Sequence[NDArray[Any]]:
        (array,) = arrays
        return [((array - means) / stds).astype(np.float32)]

    return source.taking(graph, normalized)


def _normalized(graph: Graph, mean: NDArray[np.float32], std: NDArray[np.float32]) -> Graph:
    """Return the graph with Sub and RealDiv after its input."""
    name = graph.inputs[0].name
    centred, divided, means, stds = (
        f"{name}/{each}" for each in ("centred", "divided", "mean", "std")
    )
    nodes = (
        Node(centred, "Sub", (name, means)),
        Node(divided, "RealDiv", (centred, stds)),
        *(node.rewired({name: divided}) for node in graph.nodes),
    )
    weights = {**graph.weights, means: mean, stds: std}
    outputs = tuple(output.rewired({name: divided}) for output in graph.outputs)
    return replace(graph, nodes=nodes, weights=weights, outputs=outputs)
