"""Quantization error of each weight."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from converter.bundle import Files
from converter.graph import Array, Graph
from converter.quantize import Packed, unpack


@dataclass(frozen=True)
class Loss:
    """Quantization error of one weight.

    Attributes:
        name: Name of the weight.
        op: The first operation that uses it.
        shape: Its shape.
        dtype: Its stored dtype.
        bytes: Its stored size.
        error: Root mean square of the errors, as a share of that of the values.
        largest: Maximum absolute error.
    """

    name: str
    op: str
    shape: tuple[int, ...]
    dtype: str
    bytes: int
    error: float
    largest: float


def losses(graph: Graph, files: Files) -> tuple[Loss, ...]:
    """Return the quantization error of each float32 weight, largest first.

    Args:
        graph: The network in float32.
        files: The network as shipped. Weights that are not in both are left out.
    """
    users = graph.users()
    found = [
        _loss(packed, graph.weights[name], users[name][0].op if name in users else "")
        for name, packed in _stored(files)
        if name in graph.weights and _fits(packed, graph.weights[name])
    ]
    return tuple(sorted(found, key=lambda loss: -loss.error))


def _stored(files: Files) -> Iterator[tuple[str, Packed]]:
    """Yield name and packed content of every weight in the shards."""
    for group in json.loads(files["model.json"])["weightsManifest"]:
        data, start = b"".join(files[path] for path in group["paths"]), 0
        for entry in group["weights"]:
            end = start + prod(entry["shape"]) * np.dtype(_dtype(entry)).itemsize
            yield entry["name"], Packed(entry, data[start:end])
            start = end


def _dtype(entry: Mapping[str, Any]) -> str:
    return str(entry.get("quantization", entry)["dtype"])


def _fits(packed: Packed, weight: Array) -> bool:
    return weight.dtype == np.float32 and tuple(packed.entry["shape"]) == weight.shape


def _loss(packed: Packed, weight: Array, op: str) -> Loss:
    exact = weight.astype(np.float64)
    gaps = unpack(packed).astype(np.float64) - exact
    size = float(np.sqrt(np.square(exact).sum()))
    return Loss(
        name=packed.entry["name"],
        op=op,
        shape=weight.shape,
        dtype=_dtype(packed.entry),
        bytes=len(packed.data),
        error=float(np.sqrt(np.square(gaps).sum())) / (size or 1.0),
        largest=float(np.abs(gaps).max(initial=0.0)),
    )
