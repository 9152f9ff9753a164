"""ONNX files and their external data; every size in them is checked against the bytes."""

import math
from collections.abc import Iterable, Iterator
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError
from onnx import TensorProto, helper

from converter.errors import SourceError


def load(path: Path) -> onnx.ModelProto:
    """Read a file and its external data.

    Raises:
        SourceError: If it is not ONNX, is cut off, claims more data than there is, or keeps data
            outside its own folder.
    """
    model = onnx.ModelProto()
    try:
        model.ParseFromString(path.read_bytes())
    except (OSError, DecodeError) as error:
        raise SourceError(f"{path}: is not an ONNX file, or is cut off: {error}") from error
    if not model.ir_version or not model.opset_import or not model.graph.node:
        raise SourceError(f"{path}: is not an ONNX file, or is cut off: it holds no network")
    for tensor in _tensors(model):
        _fill(tensor, path)
    return model


def _tensors(model: onnx.ModelProto) -> Iterator[TensorProto]:
    yield from _of_graph(model.graph)
    for function in model.functions:
        yield from _of_nodes(function.node)


def _of_graph(graph: onnx.GraphProto) -> Iterator[TensorProto]:
    yield from graph.initializer
    yield from _of_nodes(graph.node)


def _of_nodes(nodes: Iterable[onnx.NodeProto]) -> Iterator[TensorProto]:
    for node in nodes:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
            for graph in (attribute.g, *attribute.graphs):
                yield from _of_graph(graph)


def _fill(tensor: TensorProto, path: Path) -> None:
    """Load a tensor's external data, and check the number of its bytes."""
    where = f"{path}: tensor {tensor.name or '(without a name)'}"
    if any(side < 0 for side in tensor.dims):
        raise SourceError(f"{where}: has the shape {list(tensor.dims)}")
    if tensor.data_location == TensorProto.EXTERNAL:
        tensor.raw_data = _outside(tensor, path, where)
        tensor.data_location = TensorProto.DEFAULT
        del tensor.external_data[:]
    expected, got = _claimed(tensor), len(tensor.raw_data)
    if tensor.HasField("raw_data") and expected is not None and got != expected:
        raise SourceError(
            f"{where}: claims {expected:,} bytes, and holds {got:,}; the file is damaged"
        )


def _claimed(tensor: TensorProto) -> int | None:
    """Return the number of bytes that a tensor's shape implies; None for packed dtypes."""
    try:
        bytes_each = helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize
    except KeyError:
        return None
    packed = ("INT4", "INT2", "FLOAT4")
    if any(each in TensorProto.DataType.Name(tensor.data_type) for each in packed):
        return None
    return int(math.prod(tensor.dims) * bytes_each)


def _outside(tensor: TensorProto, path: Path, where: str) -> bytes:
    """Return a tensor's bytes from a file in the model's folder, or below it."""
    entries = {each.key: each.value for each in tensor.external_data}
    folder = path.parent.resolve()
    file = (folder / entries.get("location", "")).resolve()
    if not file.is_relative_to(folder) or not file.is_file():
        raise SourceError(
            f"{where}: its data should be in {entries.get('location')!r}, which is not a file in "
            "the model's folder; put it there, or export the model with its data inside"
        )
    size, claimed = file.stat().st_size, _claimed(tensor)
    try:
        offset = int(entries.get("offset", 0))
        length = int(entries.get("length", claimed if claimed is not None else size - offset))
    except ValueError as error:
        raise SourceError(f"{where}: its place in {file.name} is no number: {error}") from error
    if offset < 0 or length < 0 or offset + length > size:
        raise SourceError(
            f"{where}: claims bytes {offset:,} to {offset + length:,} of {file.name}, "
            f"which has {size:,}; the file is damaged"
        )
    with file.open("rb") as opened:
        opened.seek(offset)
        data: bytes = opened.read(length)
        return data
