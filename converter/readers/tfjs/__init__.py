"""TF.js graph models: ``model.json`` and its shards.

The format is that of tfjs-core's ``io/types.ts``: a GraphDef in protobuf's JSON form, and a
manifest of weights whose bytes, quantized or not, are concatenated in the shards. An input that is
an NCHW image is NHWC in the graph (see `converter.readers.tfjs.images`).
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from card import Tensor
from converter import tfjs
from converter.errors import SourceError
from converter.graph import Array, Attribute, DType, Graph, Node, Output, Shape, in_order
from converter.quantize import Packed, unpack
from converter.readers import Source
from converter.readers.tfjs import signatures
from converter.readers.tfjs.images import as_nhwc

_WEIGHTS = ("float32", "int32", "bool")
_QUANTIZED = ("float16", "uint8", "uint16")

_Json: TypeAlias = Mapping[str, Any]
_Group: TypeAlias = tuple[list[str], list[_Json]]
"""Paths of shards, and the manifest entries of their weights."""


def read(path: Path, shapes: signatures.Shapes | None = None) -> Source:
    """Read a graph model, with NCHW images transposed to NHWC; see `original`."""
    return as_nhwc(original(path, shapes))


def original(path: Path, shapes: signatures.Shapes | None = None) -> Source:
    """Read a graph model without changing its inputs; it runs in TF.js on the ``cpu`` backend.

    Args:
        path: Its ``model.json``; the shards lie in the same folder, or below it.
        shapes: Shapes of inputs that the signature leaves open, by name.

    Raises:
        SourceError: If it is not a graph model, is damaged or incomplete, or dimensions are open.
        GraphError: If a reference is missing, or the nodes form a cycle.
        ToolError: If an output has open dimensions, and TF.js cannot run the model to measure them.
    """
    content = _bytes(path)
    try:
        model = json.loads(content)
        manifest = [(list(each["paths"]), list(each["weights"])) for each in _manifest(model)]
        shards = {name: _bytes(_inside(path, name)) for paths, _ in manifest for name in paths}
        weights = _weights(manifest, shards)
        graph = _graph(model, weights, shapes or {}, _joined(model, manifest, shards))
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise SourceError(f"{path}: is not a TF.js graph model, or is damaged: {reason}") from error
    size = len(content) + sum(map(len, shards.values()))
    source = _source(signatures.read(model), _joined(model, manifest, shards), graph)
    return replace(source, bytes=size)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path.name}: cannot be read: {error.strerror}") from error


def _manifest(model: _Json) -> Sequence[_Json]:
    if model.get("format", "graph-model") != "graph-model" or "node" not in model["modelTopology"]:
        raise SourceError(
            f"has the format {model.get('format')!r}, expected 'graph-model'; "
            "convert the .keras or .h5 file that a layers model was made from"
        )
    manifest: Sequence[_Json] = model["weightsManifest"]
    return manifest


def _inside(path: Path, name: str) -> Path:
    """Return the path of a shard, in the folder of ``model.json`` or below it.

    Raises:
        SourceError: If it is elsewhere.
    """
    pure = PurePosixPath(name)
    inside = (path.parent / pure).resolve().is_relative_to(path.parent.resolve())
    if pure.is_absolute() or ".." in pure.parts or "\\" in name or not inside:
        raise SourceError(f"weights path {name!r}: leads out of the model's folder")
    return path.parent / pure


def _weights(manifest: Sequence[_Group], shards: Mapping[str, bytes]) -> dict[str, Array]:
    weights: dict[str, Array] = {}
    for paths, entries in manifest:
        data, start = b"".join(shards[name] for name in paths), 0
        for entry in entries:
            end = start + _size(entry)
            if end > len(data):
                raise SourceError(
                    f"weight {entry['name']}: expected {end:,} bytes in {', '.join(paths)}, "
                    f"got {len(data):,}; are the files whole?"
                )
            weights[entry["name"]] = unpack(Packed(entry, data[start:end]))
            start = end
        if start != len(data):
            raise SourceError(f"{', '.join(paths)}: expected {start:,} bytes, got {len(data):,}")
    return weights


def _size(entry: _Json) -> int:
    """Return the size of a weight in bytes."""
    stored, shape = entry.get("quantization", entry)["dtype"], entry["shape"]
    if entry["dtype"] not in _WEIGHTS or stored not in (*_WEIGHTS, *_QUANTIZED):
        raise SourceError(f"weight {entry['name']}: has the type {stored}, which is not a number's")
    if not all(type(side) is int and side >= 0 for side in shape):
        raise SourceError(f"weight {entry['name']}: {shape} is not a shape")
    size: int = prod(shape) * np.dtype(stored).itemsize
    return size


def _graph(
    model: _Json, weights: dict[str, Array], shapes: signatures.Shapes, files: Mapping[str, bytes]
) -> Graph:
    definitions: Sequence[_Json] = model["modelTopology"]["node"]
    signature = signatures.read(model)
    inputs = signatures.inputs(signature["inputs"], shapes)
    names = {old: tensor.name for old, tensor in inputs.items()}
    _check_inputs(definitions, inputs, weights)
    constants = {each["name"] for each in definitions if each["op"] == "Const"}
    nodes = [_node(each).rewired(names) for each in definitions if not _is_leaf(each)]
    tensors = signatures.outputs(signature, tuple(inputs.values()), files)
    outputs = (
        Output(tensor, signatures.plain(signature["outputs"][key]["name"])).rewired(names)
        for key, tensor in tensors.items()
    )
    return Graph(
        tuple(inputs.values()),
        tuple(outputs),
        in_order(nodes, {*weights, *names.values()}),
        {name: array for name, array in weights.items() if name in constants},
    )


def _check_inputs(
    definitions: Sequence[_Json], inputs: Mapping[str, Tensor], weights: Mapping[str, Array]
) -> None:
    for each in definitions:
        if each["op"] == "Placeholder" and each["name"] not in inputs:
            raise SourceError(f"input {each['name']}: is not in the signature; add it")
        if each["op"] == "Const" and each["name"] not in weights:
            raise SourceError(f"weight {each['name']}: is not in the weights manifest")


def _is_leaf(definition: _Json) -> bool:
    return definition["op"] in {"Placeholder", "Const", "NoOp"}


def _node(definition: _Json) -> Node:
    inputs = (each for each in definition.get("input", ()) if not each.startswith("^"))
    attributes = {
        name: value
        for name, raw in sorted(definition.get("attr", {}).items())
        if (value := _attribute(raw)) is not None and not name.startswith("_")
    }
    return Node(
        definition["name"], definition["op"], tuple(map(signatures.plain, inputs)), attributes
    )


def _attribute(raw: _Json) -> Attribute | None:
    """Return an AttrValue from its JSON form; None for kinds that no TF.js operation reads."""
    for kind, value in raw.items():
        if kind == "list":
            return tuple(_scalar(each, item) for each in value for item in value[each])
        if kind == "type":
            return DType(value)
        if kind == "shape":
            return Shape(tuple(int(side.get("size", -1)) for side in value.get("dim", ())))
        if kind in {"s", "i", "f", "b"}:
            single: Attribute = _scalar(kind, value)
            return single
    return None


def _scalar(kind: str, value: Any) -> Any:  # noqa: ANN401 - of the type that `kind` names
    """Return a single value; strings are base64, or lists of character codes in old models."""
    try:
        if kind == "s":
            raw = bytes(value) if isinstance(value, list) else base64.b64decode(value)
            return raw.decode()
        return {"i": int, "f": float, "b": bool}[kind](value)
    except (binascii.Error, OverflowError) as error:
        raise ValueError(f"attribute value {value!r}: {error}") from error


def _joined(
    model: _Json, manifest: Sequence[_Group], shards: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Return the original's files, with one shard for each group of weights."""
    groups, files = [], dict[str, bytes]()
    for paths, weights in manifest:
        name = f"weights-{len(files)}.bin"
        files[name] = b"".join(shards[path] for path in paths)
        groups.append({"paths": [name], "weights": weights})
    return {**files, "model.json": json.dumps({**model, "weightsManifest": groups}).encode()}


def _source(signature: _Json, files: Mapping[str, bytes], graph: Graph) -> Source:
    """Return the source, which runs the original's files."""
    inputs = signatures.named(graph.inputs, signature["inputs"])
    outputs = signatures.named([each.tensor for each in graph.outputs], signature["outputs"])
    names = [node.name for node in graph.nodes]

    def run(arrays: Sequence[NDArray[Any]]) -> Sequence[NDArray[Any]]:
        return tfjs.run(files, "cpu", (inputs, outputs), [arrays]).outputs[0]

    def trace(arrays: Sequence[NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
        return tfjs.trace(files, "cpu", inputs, names, arrays)

    return Source(graph, f"tfjs {tfjs.version()}", run, trace)
