"""Graphs whose images are NCHW, given NHWC.

A graph model that came from PyTorch by way of ONNX takes NCHW and transposes it, for TensorFlow's
convolutions want NHWC. In a bundle images are NHWC, so such an input is turned round; the layout
pass then finds that the two transposes cancel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from converter.graph import Graph, Node
from converter.readers import Source
from vision.card import Tensor

_TO_NHWC, _TO_NCHW = (0, 2, 3, 1), (0, 3, 1, 2)

_KEEPS = frozenset({"Add", "AddV2", "Cast", "Identity", "Mul", "Pad", "PadV2", "RealDiv", "Sub"})
"""Operations on images, before the first convolution, that leave the axes where they are."""


def as_nhwc(source: Source) -> Source:
    """Return the model with inputs that are NCHW images as NHWC; it runs on them so."""
    found = images(source.graph)
    turned = [tensor.name in found for tensor in source.graph.inputs]
    if not found:
        return source

    def nchw(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        pairs = zip(arrays, turned, strict=True)
        return [x.transpose(_TO_NCHW) if turn else x for x, turn in pairs]

    return source.taking(_turned(source.graph, found), nchw)


def images(graph: Graph) -> frozenset[str]:
    """Return the names of the inputs that are NCHW images: all that uses one makes it NHWC."""
    users, results = graph.users(), graph.results()

    def is_image(name: str) -> bool:
        followers = users.get(name, ())
        return (
            name not in results
            and bool(followers)
            and all(
                _is_turn(each, graph) or (each.op in _KEEPS and is_image(each.name))
                for each in followers
            )
        )

    return frozenset(
        each.name for each in graph.inputs if len(each.shape) == 4 and is_image(each.name)
    )


def _is_turn(node: Node, graph: Graph) -> bool:
    if node.op != "Transpose" or node.inputs[1] not in graph.weights:
        return False
    return tuple(int(axis) for axis in graph.weights[node.inputs[1]]) == _TO_NHWC


def _turned(graph: Graph, found: frozenset[str]) -> Graph:
    names: Mapping[str, str] = {name: f"{name}/nchw" for name in sorted(found)}
    turns = (Node(new, "Transpose", (old, f"{new}/order")) for old, new in names.items())
    orders = {f"{new}/order": np.asarray(_TO_NCHW, np.int32) for new in names.values()}
    return replace(
        graph,
        inputs=tuple(_as_nhwc(each) if each.name in found else each for each in graph.inputs),
        nodes=(*turns, *(node.rewired(names) for node in graph.nodes)),
        outputs=tuple(output.rewired(names) for output in graph.outputs),
        weights={**graph.weights, **orders},
    )


def _as_nhwc(tensor: Tensor) -> Tensor:
    return replace(tensor, shape=tuple(tensor.shape[axis] for axis in _TO_NHWC))
