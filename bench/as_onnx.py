"""Exports a shipped network as ONNX for onnxruntime-web; images become NCHW.

Only the operations of the benchmarked networks are supported; others raise an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from bench.environments import BenchError
from card import Card
from converter.analyses import shapes
from converter.graph import Graph, Node
from converter.readers import read

TO_NCHW, TO_NHWC = (0, 3, 1, 2), (0, 2, 3, 1)
AXES = {1: 2, 2: 3, 3: 1}
"""Axis in NCHW by axis in NHWC."""
OPSET = 17


def save(bundle: Path, target: Path) -> None:
    """Write the network of a bundle as an ONNX file.

    Raises:
        BenchError: If it has an operation that this module does not know.
    """
    card = Card.from_json((bundle / "card.json").read_text(encoding="utf-8"))
    given = card.inputs[0]
    # Of a network for pictures of several sizes, the one that its card names.
    graph = read(bundle / "model.json", {given.name: given.shape}).graph
    model = Writer(graph).model()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(model.SerializeToString())


class Writer:
    """Writes one graph; tensors keep their names."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._made = {node.name: node for node in graph.nodes}
        self._shapes: dict[str, shapes.Known] = {
            **{each.name: each.shape for each in graph.inputs},
            **{name: array.shape for name, array in graph.weights.items()},
        }
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, NDArray[Any]] = {}
        self._padded: dict[str, tuple[str, list[int]]] = {}

    def model(self) -> onnx.ModelProto:
        """Return the graph as a model.

        Raises:
            BenchError: If it has an operation that this module does not know.
        """
        for node in self._graph.nodes:
            self._write(node)
            taken = [self._shapes.get(each) for each in node.inputs]
            inferred = shapes.infer(node, taken, self._graph.weights)
            self._shapes.setdefault(node.name, inferred)
        (given,) = self._graph.inputs
        shape = [given.shape[axis] for axis in TO_NCHW]
        inputs = [helper.make_tensor_value_info(given.name, TensorProto.FLOAT, shape)]
        outputs = [
            helper.make_tensor_value_info(each.source, TensorProto.FLOAT, each.tensor.shape)
            for each in self._graph.outputs
        ]
        constants = [
            numpy_helper.from_array(array, name) for name, array in self._constants.items()
        ]
        graph = helper.make_graph(self._nodes, "network", inputs, outputs, constants)
        opsets = [helper.make_opsetid("", OPSET)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8)

    def _write(self, node: Node) -> None:
        match node.op:
            case "_FusedConv2D" | "FusedDepthwiseConv2dNative":
                self._convolution(node)
            case "_FusedMatMul":
                product = self._add("MatMul", [node.inputs[0], self._weight(node, 1)])
                self._add("Add", [product, self._weight(node, 2)], node.name)
            case "MaxPool":
                self._pooling(node)
            case "PadV2":
                pads = [int(each) for each in self._whole(node, 1)[1:3].T.ravel()]
                self._padded[node.name] = node.inputs[0], pads
            case "Reshape":
                flat = self._add("Transpose", [node.inputs[0]], perm=TO_NHWC)
                self._add("Reshape", [flat, self._constant(self._whole(node, 1))], node.name)
            case "Mean":
                axes = [AXES[int(axis)] for axis in self._whole(node, 1)]
                self._add("ReduceMean", [node.inputs[0]], node.name, axes=axes, keepdims=0)
            case "ConcatV2":
                axis = AXES[int(self._whole(node, -1))]
                self._add("Concat", list(node.inputs[:-1]), node.name, axis=axis)
            case "SplitV":
                self._splitting(node)
            case "ResizeBilinear":
                self._resizing(node)
            case "Add" | "AddV2" | "Sigmoid" | "Softmax":
                self._add(node.op.removesuffix("V2"), list(node.inputs), node.name)
            case "Shape" | "Slice":
                pass  # the size of an image, which `_target` looks up
            case _:
                raise _unknown(node, node.op)

    def _convolution(self, node: Node) -> None:
        kernel = self._graph.weights[node.inputs[1]]
        groups = 1
        if node.op.startswith("FusedDepthwise"):
            groups, kernel = kernel.shape[2], kernel.transpose(0, 1, 3, 2)
        taken = [
            node.inputs[0],
            self._constant(kernel.transpose(3, 2, 0, 1)),
            self._weight(node, 2),
        ]
        fused = _strings(node, "fused_ops")
        name = "" if len(fused) > 1 else node.name
        strides = _numbers(node, "strides")[1:3]
        made = self._add("Conv", taken, name, strides=strides, group=groups, **_padding(node))
        if len(fused) > 1:
            self._activation(node, fused[1], made)

    def _activation(self, node: Node, kind: str, made: str) -> None:
        if kind == "Relu":
            self._add("Relu", [made], node.name)
        elif kind == "Relu6":
            limits = [self._constant(np.float32(limit)) for limit in (0, 6)]
            self._add("Clip", [made, *limits], node.name)
        elif kind == "Prelu" and len(slopes := np.unique(self._graph.weights[node.inputs[3]])) == 1:
            self._add("LeakyRelu", [made], node.name, alpha=float(slopes[0]))
        else:
            raise _unknown(node, kind)

    def _pooling(self, node: Node) -> None:
        source, pads = self._padded.get(node.inputs[0], (node.inputs[0], [0, 0, 0, 0]))
        kernel, strides = (_numbers(node, name)[1:3] for name in ("ksize", "strides"))
        shape = {"kernel_shape": kernel, "strides": strides, "pads": pads}
        self._add("MaxPool", [source], node.name, **shape)

    def _splitting(self, node: Node) -> None:
        sizes = self._constant(self._whole(node, 1))
        count = len(self._whole(node, 1))
        names = [node.name, *(f"{node.name}:{i}" for i in range(1, count))]
        axis = AXES[int(self._whole(node, 2))]
        self._nodes.append(helper.make_node("Split", [node.inputs[0], sizes], names, axis=axis))

    def _resizing(self, node: Node) -> None:
        sides = self._shapes.get(node.inputs[0])
        if not sides:
            raise _unknown(node, "its size")
        height, width = self._target(node)
        self._shapes[node.name] = (1, height, width, sides[3])
        size = self._constant(np.array([1, sides[3], height, width], np.int64))
        self._add("Resize", [node.inputs[0], "", "", size], node.name, mode="linear")

    def _target(self, node: Node) -> tuple[int, ...]:
        """Return the target height and width of a resize: constant, or another image's."""
        if node.inputs[1] in self._graph.weights:
            return tuple(int(side) for side in self._whole(node, 1))
        cut = self._made[node.inputs[1]]
        other = self._shapes.get(self._made[cut.inputs[0]].inputs[0])
        if (cut.op, self._made[cut.inputs[0]].op) != ("Slice", "Shape") or not other:
            raise _unknown(node, "its size")
        return other[1:3]

    def _add(self, op: str, inputs: Sequence[str], name: str = "", **attributes: Any) -> str:  # noqa: ANN401
        name = name or f"made/{len(self._nodes)}"
        self._nodes.append(helper.make_node(op, list(inputs), [name], **attributes))
        return name

    def _weight(self, node: Node, place: int) -> str:
        return self._constant(self._graph.weights[node.inputs[place]])

    def _whole(self, node: Node, place: int) -> NDArray[np.int64]:
        return self._graph.weights[node.inputs[place]].astype(np.int64)

    def _constant(self, array: NDArray[Any] | np.float32) -> str:
        name = f"constant/{len(self._constants)}"
        self._constants[name] = np.asarray(array, order="C")
        return name


def _unknown(node: Node, what: str) -> BenchError:
    return BenchError(f"{node.name}: bench/as_onnx.py does not know {what}; add it there")


def _padding(node: Node) -> dict[str, Any]:
    padding = node.attributes["padding"]
    if padding == "SAME":
        return {"auto_pad": "SAME_UPPER"}
    explicit = _numbers(node, "explicit_paddings")
    if padding == "EXPLICIT":
        above, below, left, right = explicit[2:6]
        return {"pads": [above, left, below, right]}
    return {}


def _numbers(node: Node, name: str) -> tuple[int, ...]:
    value = node.attributes.get(name, ())
    return tuple(int(each) for each in value) if isinstance(value, tuple) else ()


def _strings(node: Node, name: str) -> tuple[str, ...]:
    value = node.attributes.get(name, ())
    return tuple(str(each) for each in value) if isinstance(value, tuple) else ()
