"""Graph models with NCHW images, made to take NHWC.

A graph model that was exported from PyTorch through ONNX takes NCHW and transposes it, because
TensorFlow's convolutions take NHWC. In a bundle images are NHWC: such an input gets a Transpose in
front, and the layout pass cancels the two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from card import Tensor
from converter.graph import TO_NCHW, TO_NHWC, Graph, Node
from converter.readers import Source

_KEEPS = frozenset({"Add", "AddV2", "Cast", "Identity", "Mul", "Pad", "PadV2", "RealDiv", "Sub"})
"""Operations before the first convolution that keep the order of axes."""


def as_nhwc(source: Source) -> Source:
    """Return the model with NHWC in place of every NCHW image among its inputs."""
    found = images(source.graph)
    is_image = [tensor.name in found for tensor in source.graph.inputs]
    if not found:
        return source

    def nchw(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        pairs = zip(arrays, is_image, strict=True)
        return [x.transpose(TO_NCHW) if image else x for x, image in pairs]

    return source.taking(_transposed(source.graph, found), nchw)


def images(graph: Graph) -> frozenset[str]:
    """Return the names of the inputs that are NCHW images: every use transposes them to NHWC."""
    users, results = graph.users(), graph.results()

    def is_image(name: str) -> bool:
        followers = users.get(name, ())
        return (
            name not in results
            and bool(followers)
            and all(
                _is_to_nhwc(each, graph) or (each.op in _KEEPS and is_image(each.name))
                for each in followers
            )
        )

    return frozenset(
        each.name for each in graph.inputs if len(each.shape) == 4 and is_image(each.name)
    )


def _is_to_nhwc(node: Node, graph: Graph) -> bool:
    if node.op != "Transpose" or node.inputs[1] not in graph.weights:
        return False
    return tuple(int(axis) for axis in graph.weights[node.inputs[1]]) == TO_NHWC


def _transposed(graph: Graph, found: frozenset[str]) -> Graph:
    names: Mapping[str, str] = {name: f"{name}/nchw" for name in sorted(found)}
    transposes = (Node(new, "Transpose", (old, f"{new}/order")) for old, new in names.items())
    orders = {f"{new}/order": np.asarray(TO_NCHW, np.int32) for new in names.values()}
    return replace(
        graph,
        inputs=tuple(_as_nhwc(each) if each.name in found else each for each in graph.inputs),
        nodes=(*transposes, *(node.rewired(names) for node in graph.nodes)),
        outputs=tuple(output.rewired(names) for output in graph.outputs),
        weights={**graph.weights, **orders},
    )


def _as_nhwc(tensor: Tensor) -> Tensor:
    return replace(tensor, shape=tuple(tensor.shape[axis] for axis in TO_NHWC))
