"""Make a network for images of one size work for other sizes too."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from converter.analyses.operations import BINARY, UNARY
from converter.errors import GraphError
from converter.graph import Array, Graph, Node, in_order, producer

_ANY_SIZE = frozenset(
    {
        *UNARY,
        *BINARY,
        "AvgPool",
        "BiasAdd",
        "ConcatV2",
        "Conv2D",
        "DepthwiseConv2dNative",
        "FusedDepthwiseConv2dNative",
        "MaxPool",
        "Pad",
        "PadV2",
        "Split",
        "SplitV",
        "_FusedConv2D",
    }
)
"""Operations that do not depend on the height and width of their images."""

PICTURE = (1, 2)
"""The axes of an NHWC image that are height and width."""


def open_sizes(graph: Graph) -> Graph:
    """Return the graph with open height and width, for sizes that its strides divide.

    A resized image takes the size of the image that it is added to. An image that is reshaped to a
    list of cells becomes a list of as many cells as it has. Results for the original size are
    unchanged.

    Raises:
        GraphError: If a node depends on the size in another way, or there is not exactly one input
            with four axes.
    """
    if len(graph.inputs) != 1 or len(graph.inputs[0].shape) != 4:
        raise GraphError("sizes: only a network with one image as its input takes several")
    (picture,), users, nodes = graph.inputs, graph.users(), list[Node]()
    weights: dict[str, Array] = dict(graph.weights)
    for node in graph.nodes:
        if node.op == "Reshape":
            weights[f"{node.name}/cells"] = _cells(node, graph.weights, picture.shape)
            nodes.append(replace(node, inputs=(node.inputs[0], f"{node.name}/cells")))
        elif node.op == "ResizeBilinear":
            weights[f"{node.name}/first"] = np.array([PICTURE[0]], np.int32)
            weights[f"{node.name}/count"] = np.array([len(PICTURE)], np.int32)
            nodes += _like(node, _partner(node, users.get(node.name, [])))
        elif node.op in _ANY_SIZE:
            nodes.append(node)
        else:
            raise GraphError(f"{node.op} {node.name}: works for one size of pictures alone")
    given = (*weights, *(each.name for each in graph.inputs))
    return replace(graph, nodes=in_order(nodes, given), weights=weights, open_axes=PICTURE)


def _cells(node: Node, weights: Mapping[str, Array], picture: tuple[int, ...]) -> Array:
    """Return the shape of a list of cells, ``(1, -1, channels)``.

    Raises:
        GraphError: If the Reshape makes something else than a list of an image's cells.
    """
    shape = weights.get(node.inputs[1], np.empty(0))
    pixels = math.prod(picture[axis] for axis in PICTURE)
    if shape.shape != (3,) or shape[0] != 1 or pixels % int(shape[1]):
        raise GraphError(f"Reshape {node.name}: expected an image to become (1, cells, c)")
    stride = math.isqrt(pixels // int(shape[1]))
    if stride**2 * int(shape[1]) != pixels:
        raise GraphError(f"Reshape {node.name}: {shape[1]} are not the cells of {picture}")
    return np.array([1, -1, shape[2]], np.int32)


def _partner(node: Node, users: list[Node]) -> str:
    """Return the reference to what a resized image is added to.

    Raises:
        GraphError: If it is not added to anything.
    """
    if len(users) == 1 and users[0].op in {"Add", "AddV2"}:
        (other,) = (each for each in users[0].inputs if producer(each) != node.name)
        return other
    raise GraphError(f"{node.op} {node.name}: nothing says which size is wanted")


def _like(node: Node, partner: str) -> tuple[Node, Node, Node]:
    """Return nodes that resize an image to the size of another one."""
    shape = Node(f"{node.name}/shape", "Shape", (partner,))
    parts = (shape.name, f"{node.name}/first", f"{node.name}/count")
    size = Node(f"{node.name}/size", "Slice", parts)
    return shape, size, replace(node, inputs=(node.inputs[0], size.name))
