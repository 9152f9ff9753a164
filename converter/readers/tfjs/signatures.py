"""The signature of a graph model: names, shapes and dtypes of its inputs and outputs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from card import Tensor
from converter import tfjs
from converter.errors import SourceError
from converter.readers import input_shapes

Shapes: TypeAlias = Mapping[str, tuple[int, ...]]
"""The user's shapes of inputs, by name."""

_Json: TypeAlias = Mapping[str, Any]

_DTYPES = {"DT_FLOAT": "float32", "DT_HALF": "float32", "DT_INT32": "int32", "DT_INT64": "int32"}
"""TF.js dtype by the dtype in a signature."""


def read(model: _Json) -> _Json:
    """Return the signature; older converters put it into ``userDefinedMetadata``.

    Raises:
        SourceError: If there is none.
    """
    meta = model.get("userDefinedMetadata") or {}
    signature: _Json | None = model.get("signature") or meta.get("signature")
    if not signature or not signature.get("inputs") or not signature.get("outputs"):
        raise SourceError(
            "has no signature that names its inputs and outputs with their shapes; "
            "convert it again with a newer tensorflowjs, or add one"
        )
    return signature


def inputs(infos: _Json, shapes: Shapes) -> dict[str, Tensor]:
    """Return the inputs of a model, by the names of its nodes.

    Raises:
        SourceError: If `shapes` names an input that does not exist, a dimension is open or does
            not fit, or TF.js lacks the dtype.
    """
    input_shapes.check_names(shapes, map(plain, infos))
    tensors = {}
    for key, info in infos.items():
        name, sides = plain(key), _sides(info)
        known = None if sides is None else [None if side < 0 else side for side in sides]
        shape = input_shapes.fixed(name, known, shapes.get(name))
        tensors[plain(info["name"])] = Tensor(name, shape, _dtype(key, info))
    return tensors


def outputs(
    signature: _Json, given: Sequence[Tensor], files: Mapping[str, bytes]
) -> dict[str, Tensor]:
    """Return the outputs of a model by key; open dimensions are measured by running it.

    Args:
        signature: The model's.
        given: Its inputs.
        files: ``model.json`` and its shards.

    Raises:
        SourceError: If TF.js lacks a dtype.
        ToolError: If TF.js cannot run the model.
    """
    infos = signature["outputs"]
    types = {key: _dtype(key, info) for key, info in infos.items()}
    batch = given[0].shape[0] if given[0].shape else 1
    declared = {key: _sides(info) for key, info in infos.items()}
    shapes = {
        key: (batch, *sides[1:]) if sides[:1] == (-1,) else sides
        for key, sides in declared.items()
        if sides is not None
    }
    if len(shapes) < len(declared) or any(-1 in sides for sides in shapes.values()):
        zeros = [np.zeros(each.shape, each.dtype) for each in given]
        traced = tfjs.trace(files, "cpu", named(given, signature["inputs"]), [*infos], zeros)
        shapes = {key: array.shape for key, array in traced.items()}
    return {key: Tensor(plain(key), shapes[key], types[key]) for key in infos}


def _dtype(key: str, info: _Json) -> str:
    if info["dtype"] not in _DTYPES:
        raise SourceError(f"{plain(key)}: TF.js computes with no {info['dtype']}")
    return _DTYPES[info["dtype"]]


def _sides(info: _Json) -> tuple[int, ...] | None:
    """Return the declared dimensions, -1 where they are open; None for an open rank."""
    if "tensorShape" not in info or info["tensorShape"].get("unknownRank"):
        return None
    sides = (int(side.get("size", -1)) for side in info["tensorShape"].get("dim", ()))
    return tuple(side if side > 0 else -1 for side in sides)


def plain(reference: str) -> str:
    """Return a reference without the index of the first output."""
    return reference.removesuffix(":0")


def named(tensors: Sequence[Tensor], keys: Sequence[str]) -> list[Tensor]:
    """Return tensors with the keys of the signature as names."""
    return [replace(tensor, name=key) for tensor, key in zip(tensors, keys, strict=True)]
