"""Weights to bytes, as TF.js's weights manifest describes them.

TF.js turns every weight back into float32 when it loads, so this makes the download smaller, not
the network. Affine types have one scale and one minimum for each weight, and hold zero exactly:
a zero weight, such as padding, stays zero (see ``decodeWeight`` in tfjs-core's ``io_utils.ts``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from converter.errors import WeightError
from converter.graph import Array

Scheme = Literal["none", "float16", "uint16", "uint8"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)

SMALLEST = 256
"""Weights with fewer values, and those with one axis or none, such as biases, stay float32: that
costs few bytes, and networks are sensitive to them."""

_SHARES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""How much of a weight's range may be told apart; what is beyond becomes the nearest end."""


@dataclass(frozen=True)
class Packed:
    """A weight as it is stored: its entry in the weights manifest, and its bytes."""

    entry: Mapping[str, Any]
    data: bytes


def pack(name: str, array: Array, scheme: Scheme) -> Packed:
    """Store a weight.

    Args:
        name: What it is called in the manifest, and in errors.
        array: ``float32``, ``int32`` or ``bool``; only ``float32`` is quantized.
        scheme: What to store it as.

    Raises:
        WeightError: If it holds NaN or infinity, or more than float16 can, or has another dtype.
    """
    if array.dtype.name not in {"float32", "int32", "bool"}:
        raise WeightError(f"weight {name}: {array.dtype} is not a type that TF.js has")
    entry = {"name": name, "shape": list(array.shape), "dtype": array.dtype.name}
    if array.dtype == np.float32 and not _is_sound(array):
        raise WeightError(f"weight {name}: holds NaN or infinity; was the training stable?")
    if scheme == "none" or stays(array):
        return Packed(entry, _bytes(array))
    if scheme == "float16":
        return Packed({**entry, "quantization": {"dtype": "float16"}}, _half(name, array))
    return _affine(entry, array.astype(np.float64), np.dtype(scheme))


def _is_sound(array: Array) -> bool:
    """Tell whether all is finite; a single infinity, such as max-pooling pads with, is sound."""
    return bool(np.isfinite(array).all() or (array.size == 1 and not np.isnan(array).any()))


def stays(array: Array) -> bool:
    """Tell whether a weight is stored as it is, whatever the scheme; see `SMALLEST`."""
    return array.dtype != np.float32 or array.ndim < 2 or array.size < SMALLEST


def _bytes(array: NDArray[Any]) -> bytes:
    return np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()


def _half(name: str, array: Array) -> bytes:
    most, limit = float(np.abs(array).max()), float(np.finfo(np.float16).max)
    if most > limit:
        raise WeightError(
            f"weight {name}: holds {most:g}, float16 ends at {limit:g}; quantize to uint16 or none"
        )
    return _bytes(array.astype(np.float16))


def _affine(entry: Mapping[str, Any], array: NDArray[np.float64], dtype: np.dtype[Any]) -> Packed:
    """Store ``value = stored * scale + min``; some stored value gives exactly 0."""
    steps = int(np.iinfo(dtype).max)
    low, high = min(float(array.min()), 0.0), max(float(array.max()), 0.0)
    choices = [_rounded(array, share * low, share * high, steps) for share in _SHARES]
    stored, scale, zero = min(choices, key=lambda each: _loss(array, *each))
    quantization = {"dtype": dtype.name, "scale": scale, "min": -zero * scale}
    return Packed({**entry, "quantization": quantization}, _bytes(stored.astype(dtype)))


def _rounded(
    array: NDArray[np.float64], low: float, high: float, steps: int
) -> tuple[NDArray[np.float64], float, int]:
    """Return whole numbers in 0..steps for a range, what one step is, and which number is zero."""
    scale = (high - low) / steps or 1.0
    zero = round(-low / scale)
    return np.clip(np.rint(array / scale) + zero, 0, steps), scale, zero


def _loss(
    array: NDArray[np.float64], stored: NDArray[np.float64], scale: float, zero: int
) -> float:
    return float(np.square((stored - zero) * scale - array).sum())


def unpack(packed: Packed) -> NDArray[Any]:
    """Return the weight as TF.js will have it, rounded where TF.js rounds."""
    quantization = packed.entry.get("quantization", {"dtype": packed.entry["dtype"]})
    stored = np.frombuffer(packed.data, np.dtype(quantization["dtype"]).newbyteorder("<"))
    if "scale" in quantization:
        stored = stored * np.float64(quantization["scale"]) + np.float64(quantization["min"])
        stored = np.rint(stored) if packed.entry["dtype"] == "int32" else stored
    return stored.astype(packed.entry["dtype"]).reshape(packed.entry["shape"])
