"""ONNX files, operator sets 7 to the newest that the ``onnx`` package knows.

Images are NHWC in a bundle. An input or output with four axes that the network treats as an image
(see `converter.readers.onnx_images`) is NHWC in the graph although it is NCHW in the file; `run`
takes and gives what the graph takes and gives.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.inliner
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper

from converter.errors import SourceError
from converter.graph import Graph, Output, in_order
from converter.ops.builder import Builder
from converter.ops.values import DTYPES, Value
from converter.readers import Source, onnx_file
from converter.readers.onnx_images import images
from converter.readers.onnx_slots import kind_of
from converter.readers.onnx_walk import Walk
from vision.card import Tensor

OLDEST = 7
"""The first operator set that is read; older ones broadcast by other rules."""

_TO_NHWC, _TO_NCHW = (0, 2, 3, 1), (0, 3, 1, 2)


@dataclass(frozen=True)
class Port:
    """An input or output of the file, and the tensor of the graph that stands for it."""

    name: str
    kind: str
    tensor: Tensor
    image: bool

    def inward(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return an array of the file's as the graph has it."""
        return (array.transpose(_TO_NHWC) if self.image else array).astype(self.tensor.dtype)

    def outward(self, array: NDArray[Any]) -> NDArray[Any]:
        """Return an array of the graph's as the file has it."""
        return (array.transpose(_TO_NCHW) if self.image else array).astype(_numpy(self.kind))


@dataclass(frozen=True)
class Converted:
    """A graph, and how its inputs, outputs and references stand for the tensors of the file."""

    graph: Graph
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    references: Mapping[str, str]


def read(path: Path, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Source:
    """Read an ONNX model.

    Args:
        path: The file; external data lies in the same folder, or below it.
        shapes: Sizes for inputs whose file leaves them open.

    Raises:
        SourceError: If it is no such file, is damaged, or leaves a size open.
        UnsupportedError: If TF.js cannot compute some of its nodes; the message lists them all.
    """
    model = onnx_file.load(path)
    return replace(from_model(model, str(path), shapes), bytes=model.ByteSize())


def from_model(
    model: onnx.ModelProto, name: str, shapes: Mapping[str, tuple[int, ...]] | None = None
) -> Source:
    """Return an ONNX model that is in memory; ``name`` is what errors call it. See `read`."""
    model = prepare(model, name, shapes or {})
    converted = convert(model, name)
    session = _session(model, name)
    traced = list(converted.references)
    tracing = _session(_showing(model, traced), name)

    def given(arrays: Sequence[NDArray[Any]]) -> dict[str, NDArray[Any]]:
        pairs = zip(converted.inputs, arrays, strict=True)
        return {port.name: port.outward(array) for port, array in pairs}

    def run(arrays: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        made = session(None, given(arrays))
        return [port.inward(each) for port, each in zip(converted.outputs, made, strict=True)]

    def trace(arrays: Sequence[NDArray[Any]]) -> dict[str, NDArray[Any]]:
        made = tracing(traced, given(arrays))
        return {converted.references[key]: each for key, each in zip(traced, made, strict=True)}

    return Source(converted.graph, f"onnxruntime {onnxruntime.__version__}", run, trace)


def _showing(model: onnx.ModelProto, names: Sequence[str]) -> onnx.ModelProto:
    """Return a model that has these tensors among its outputs."""
    shown = onnx.ModelProto()
    shown.CopyFrom(model)
    known = {each.name for each in model.graph.output}
    shown.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names if name not in known)
    return shown


def _session(model: onnx.ModelProto, name: str) -> Callable[..., list[NDArray[Any]]]:
    """Return the ``run`` of onnxruntime's session, which is made when it is called first."""
    made: list[Any] = []

    def run(outputs: Sequence[str] | None, given: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        try:
            if not made:
                options = onnxruntime.SessionOptions()
                options.log_severity_level = 4
                content, providers = model.SerializeToString(), ["CPUExecutionProvider"]
                made.append(onnxruntime.InferenceSession(content, options, providers=providers))
            arrays: list[NDArray[Any]] = made[0].run(outputs, given)
        except Exception as error:  # onnxruntime raises classes of its own, with no base
            raise SourceError(f"{name}: onnxruntime cannot run it: {_first(error)}") from error
        return arrays

    return run


def prepare(
    model: onnx.ModelProto, name: str, shapes: Mapping[str, tuple[int, ...]]
) -> onnx.ModelProto:
    """Return a model whose functions are inlined, and whose inputs have fixed sizes.

    Raises:
        SourceError: If it breaks ONNX's rules, is too old or too new, or leaves a size open.
    """
    _check_version(model, name)
    try:
        onnx.checker.check_model(model)
        model = onnx.inliner.inline_local_functions(model)
    except Exception as error:  # the checker has a class of its own, the inliner another
        raise SourceError(f"{name}: is not valid ONNX: {_first(error)}") from error
    constants = {each.name for each in model.graph.initializer}
    fixed = onnx.ModelProto()
    fixed.CopyFrom(model)
    inputs = [each for each in fixed.graph.input if each.name not in constants]
    if unknown := set(shapes) - {each.name for each in inputs}:
        raise SourceError(
            f"{name}: has no input {', '.join(sorted(unknown))}; its inputs are "
            + ", ".join(each.name for each in inputs)
        )
    for each in inputs:
        _fix(each, name, shapes.get(each.name))
    return fixed


def _check_version(model: onnx.ModelProto, name: str) -> None:
    newest = onnx.defs.onnx_opset_version()
    versions = [each.version for each in model.opset_import if each.domain in {"", "ai.onnx"}]
    for version in versions:
        if not OLDEST <= version <= newest:
            raise SourceError(
                f"{name}: uses operator set {version}; what can be read is {OLDEST} to {newest}. "
                "Export it again, or convert it with onnx.version_converter"
            )


def _fix(value: onnx.ValueInfoProto, name: str, given: tuple[int, ...] | None) -> None:
    """Give an input the sizes that it lacks: one for the batch, the rest from the user."""
    where = f"{name}: input {value.name}"
    if value.type.WhichOneof("value") != "tensor_type":
        raise SourceError(f"{where} is no tensor; TF.js takes tensors alone")
    if not value.type.tensor_type.HasField("shape"):
        if given is None:
            raise SourceError(f"{where} has no shape; say it with --shape {value.name}=1,3,224,224")
        _set(value, given)
        return
    sides = value.type.tensor_type.shape.dim
    known = [each.dim_value if each.HasField("dim_value") else None for each in sides]
    if given is None:
        given = tuple(1 if i == 0 and s is None else (s or -1) for i, s in enumerate(known))
    fits = len(given) == len(known) and all(
        old is None or old == new for old, new in zip(known, given, strict=True)
    )
    shown = [each.dim_param or each.dim_value or "?" for each in sides]
    if not fits:
        raise SourceError(f"{where} has the shape {shown}, which {list(given)} does not fit")
    if any(side < 1 for side in given):
        example = ",".join("224" if side < 1 else str(side) for side in given)
        raise SourceError(
            f"{where} has the shape {shown}, with sides that are open or empty; "
            f"say what they are with --shape {value.name}={example}"
        )
    _set(value, given)


def _set(value: onnx.ValueInfoProto, shape: Sequence[int]) -> None:
    made = helper.make_tensor_value_info(value.name, value.type.tensor_type.elem_type, shape)
    value.CopyFrom(made)


def convert(model: onnx.ModelProto, name: str) -> Converted:
    """Turn a prepared model into a graph.

    Raises:
        SourceError: If an input or output is of a type that TF.js lacks.
        UnsupportedError: If TF.js cannot compute some of the nodes.
    """
    as_images = images(model.graph)
    constants = {each.name for each in model.graph.initializer}
    given = [each for each in model.graph.input if each.name not in constants]
    inputs = tuple(_port(each, name, each.name in as_images) for each in given)
    builder = Builder()
    walk = Walk(model, name, builder)
    for port, value in zip(inputs, given, strict=True):
        walk.define(port.name, _entrance(port, builder), value.type)
    walk.run()
    outputs, made = [], []
    for each in model.graph.output:
        value, kind = walk.result(each.name)
        port = _outport(each.name, kind, value, each.name in as_images)
        outputs.append(port)
        made.append(Output(port.tensor, _exit(port, value, builder)))
    walk.check()
    tensors = tuple(port.tensor for port in inputs)
    names = [*builder.weights, *(each.name for each in tensors)]
    graph = Graph(tensors, tuple(made), in_order(builder.nodes, names), builder.weights)
    return Converted(graph, inputs, tuple(outputs), walk.references())


def _port(value: onnx.ValueInfoProto, name: str, image: bool) -> Port:
    kind = kind_of(value.type)
    if kind not in DTYPES:
        raise SourceError(f"{name}: input {value.name} is of type {kind}, which TF.js lacks")
    shape = tuple(side.dim_value for side in value.type.tensor_type.shape.dim)
    return Port(value.name, kind, _tensor(value.name, shape, DTYPES[kind], image), image)


def _outport(name: str, kind: str, value: Value, image: bool) -> Port:
    image = image and value.rank == 4
    return Port(name, kind, _tensor(name, value.shape, value.dtype, image), image)


def _tensor(name: str, shape: tuple[int, ...], dtype: str, image: bool) -> Tensor:
    sides = tuple(shape[axis] for axis in _TO_NHWC) if image else shape
    if 0 in sides:
        raise SourceError(f"{name}: has the shape {shape}, which holds nothing")
    return Tensor(name.replace(":", "_"), sides, "float32" if dtype == "float32" else "int32")


def _entrance(port: Port, builder: Builder) -> Value:
    """Return an input as the nodes of the file expect it."""
    builder.enter(f"{port.tensor.name}/in")
    value = Value(port.tensor.name, port.tensor.shape, port.tensor.dtype)
    if port.image:
        value = builder.transpose(value, _TO_NCHW)
    return builder.cast(value, DTYPES[port.kind])


def _exit(port: Port, value: Value, builder: Builder) -> str:
    """Return the reference to an output as the graph gives it."""
    builder.enter(f"{port.tensor.name}/out")
    value = builder.cast(value, port.tensor.dtype)
    return builder.reference(builder.transpose(value, _TO_NHWC) if port.image else value)


def _numpy(kind: str) -> np.dtype[Any]:
    name = {"float32": "FLOAT", "float64": "DOUBLE"}.get(kind, kind.upper())
    return helper.tensor_dtype_to_np_dtype(TensorProto.DataType.Value(name))


def _first(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
