"""A prepared ONNX model to a graph, its image inputs and outputs turned from NCHW to NHWC."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from card import Tensor
from converter.emit.builder import Builder
from converter.emit.values import DTYPES, Value
from converter.errors import SourceError
from converter.graph import TO_NCHW, TO_NHWC, Graph, Output, in_order
from converter.readers.onnx.images import images
from converter.readers.onnx.slots import kind_of
from converter.readers.onnx.walk import Walk


@dataclass(frozen=True)
class Port:
    """An input or output of the file, and the graph's tensor that stands for it.

    Attributes:
        name: Its name in the file.
        kind: Its ONNX dtype.
        tensor: The graph's tensor.
        image: Whether it is NCHW in the file and NHWC in the graph.
    """

    name: str
    kind: str
    tensor: Tensor
    image: bool

    def to_graph(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return an array in the graph's layout and dtype, given the file's."""
        return (array.transpose(TO_NHWC) if self.image else array).astype(self.tensor.dtype)

    def to_file(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return an array in the file's layout and dtype, given the graph's."""
        return (array.transpose(TO_NCHW) if self.image else array).astype(_numpy(self.kind))


@dataclass(frozen=True)
class Converted:
    """A graph, and its correspondence with the file.

    Attributes:
        graph: The network.
        inputs: One for each input of the file.
        outputs: One for each output of the file.
        references: The graph's reference for each tensor of the file that is computed.
    """

    graph: Graph
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    references: Mapping[str, str]


def convert(model: onnx.ModelProto, name: str) -> Converted:
    """Convert a prepared model; ``name`` is used in error messages.

    Raises:
        SourceError: If an input or output has a dtype that TF.js lacks.
        UnsupportedError: If TF.js cannot compute some of the nodes.
    """
    as_images = images(model.graph)
    constants = {each.name for each in model.graph.initializer}
    given = [each for each in model.graph.input if each.name not in constants]
    inputs = tuple(_input_port(each, name, each.name in as_images) for each in given)
    builder = Builder()
    walk = Walk(model, name, builder)
    for port, value in zip(inputs, given, strict=True):
        walk.define(port.name, _input_value(port, builder), value.type)
    walk.run()
    ports, outputs = [], []
    for each in model.graph.output:
        value, kind = walk.result(each.name)
        port = _output_port(each.name, kind, value, each.name in as_images)
        ports.append(port)
        outputs.append(Output(port.tensor, _output_reference(port, value, builder)))
    walk.check()
    tensors = tuple(port.tensor for port in inputs)
    names = [*builder.weights, *(each.name for each in tensors)]
    graph = Graph(tensors, tuple(outputs), in_order(builder.nodes, names), builder.weights)
    return Converted(graph, inputs, tuple(ports), walk.references())


def _input_port(value: onnx.ValueInfoProto, name: str, image: bool) -> Port:
    kind = kind_of(value.type)
    if kind not in DTYPES:
        raise SourceError(f"{name}: input {value.name} is of type {kind}, which TF.js lacks")
    shape = tuple(side.dim_value for side in value.type.tensor_type.shape.dim)
    return Port(value.name, kind, _tensor(value.name, shape, DTYPES[kind], image), image)


def _output_port(name: str, kind: str, value: Value, image: bool) -> Port:
    image = image and value.rank == 4
    return Port(name, kind, _tensor(name, value.shape, value.dtype, image), image)


def _tensor(name: str, shape: tuple[int, ...], dtype: str, image: bool) -> Tensor:
    sides = tuple(shape[axis] for axis in TO_NHWC) if image else shape
    if 0 in sides:
        raise SourceError(f"{name}: has the shape {shape}, which holds nothing")
    return Tensor(name.replace(":", "_"), sides, "float32" if dtype == "float32" else "int32")


def _input_value(port: Port, builder: Builder) -> Value:
    """Return an input in the layout and dtype that the file's nodes expect."""
    builder.enter(f"{port.tensor.name}/in")
    value = Value(port.tensor.name, port.tensor.shape, port.tensor.dtype)
    if port.image:
        value = builder.transpose(value, TO_NCHW)
    return builder.cast(value, DTYPES[port.kind])


def _output_reference(port: Port, value: Value, builder: Builder) -> str:
    """Return the reference to an output in the graph's layout and dtype."""
    builder.enter(f"{port.tensor.name}/out")
    value = builder.cast(value, port.tensor.dtype)
    return builder.reference(builder.transpose(value, TO_NHWC) if port.image else value)


def _numpy(kind: str) -> np.dtype[Any]:
    name = {"float32": "FLOAT", "float64": "DOUBLE"}.get(kind, kind.upper())
    return helper.tensor_dtype_to_np_dtype(TensorProto.DataType.Value(name))
