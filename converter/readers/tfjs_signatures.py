"""What a graph model's signature says of its inputs and outputs, and what it leaves open."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from converter import tfjs
from converter.errors import SourceError
from vision.card import Tensor

Shapes: TypeAlias = Mapping[str, tuple[int, ...]]
"""Shapes that the user says inputs have, by name."""

_Json: TypeAlias = Mapping[str, Any]

_DTYPES = {"DT_FLOAT": "float32", "DT_HALF": "float32", "DT_INT32": "int32", "DT_INT64": "int32"}
"""What TF.js computes with, by the type that a signature names."""


def read(model: _Json) -> _Json:
    """Return the signature; older converters put it beside the model's other meta data."""
    meta = model.get("userDefinedMetadata") or {}
    signature: _Json | None = model.get("signature") or meta.get("signature")
    if not signature or not signature.get("inputs") or not signature.get("outputs"):
        raise SourceError(
            "has no signature that names its inputs and outputs with their shapes; "
            "convert it again with a newer tensorflowjs, or add one"
        )
    return signature


def inputs(infos: _Json, shapes: Shapes) -> dict[str, Tensor]:
    """Return what a model takes, by the names of its nodes.

    Raises:
        SourceError: If there is no input that `shapes` names, a side is open or does not fit, or
            the type is not a number's.
    """
    known = [*map(plain, infos)]
    if unknown := set(shapes) - set(known):
        raise SourceError(
            f"has no input {', '.join(sorted(unknown))}; its inputs are {', '.join(known)}"
        )
    found = {}
    for key, info in infos.items():
        sides = _fixed(plain(key), _sides(info), shapes.get(plain(key)))
        found[plain(info["name"])] = Tensor(plain(key), sides, _dtype(key, info))
    return found


def _fixed(
    name: str, sides: tuple[int, ...] | None, given: tuple[int, ...] | None
) -> tuple[int, ...]:
    """Return the sides of an input, which are told or given; a batch is one."""
    shown = [side if side > 0 else "?" for side in sides] if sides is not None else "of any rank"
    if given is None:
        given = _with_batch((1, -1, -1, 3) if sides is None else sides, 1)
    elif sides is not None and (
        len(given) != len(sides) or any(s > 0 and s != g for s, g in zip(sides, given, strict=True))
    ):
        raise SourceError(f"{name}: has the shape {shown}, which {list(given)} does not fit")
    if any(side < 1 for side in given):
        example = ",".join(str(side if side > 0 else 224) for side in given)
        raise SourceError(
            f"{name}: shape {shown} has open sides; say what they are with --shape {name}={example}"
        )
    return given


def _with_batch(sides: tuple[int, ...], batch: int) -> tuple[int, ...]:
    return (batch, *sides[1:]) if sides[:1] == (-1,) else sides


def outputs(
    signature: _Json, given: Sequence[Tensor], files: Mapping[str, bytes]
) -> dict[str, Tensor]:
    """Return what a model gives; where its signature leaves that open, it is run to measure it."""
    infos = signature["outputs"]
    types = {key: _dtype(key, info) for key, info in infos.items()}
    batch = given[0].shape[0] if given[0].shape else 1
    told = {key: _sides(info) for key, info in infos.items()}
    shapes = {key: _with_batch(sides, batch) for key, sides in told.items() if sides is not None}
    if len(shapes) < len(told) or any(-1 in sides for sides in shapes.values()):
        zeros = [np.zeros(each.shape, each.dtype) for each in given]
        made = tfjs.trace(files, "cpu", named(given, signature["inputs"]), [*infos], zeros)
        shapes = {key: array.shape for key, array in made.items()}
    return {key: Tensor(plain(key), shapes[key], types[key]) for key in infos}


def _dtype(key: str, info: _Json) -> str:
    if info["dtype"] not in _DTYPES:
        raise SourceError(f"{plain(key)}: TF.js computes with no {info['dtype']}")
    return _DTYPES[info["dtype"]]


def _sides(info: _Json) -> tuple[int, ...] | None:
    """Return the sides that a signature tells, -1 where they are open; None if it tells none."""
    if "tensorShape" not in info or info["tensorShape"].get("unknownRank"):
        return None
    sides = (int(side.get("size", -1)) for side in info["tensorShape"].get("dim", ()))
    return tuple(side if side > 0 else -1 for side in sides)


def plain(reference: str) -> str:
    """Return a reference without the index of a first output."""
    return reference.removesuffix(":0")


def named(tensors: Sequence[Tensor], keys: Sequence[str]) -> list[Tensor]:
    """Return tensors called as the original signature has them."""
    return [replace(tensor, name=key) for tensor, key in zip(tensors, keys, strict=True)]
