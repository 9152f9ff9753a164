"""Packs weights into bytes, in the format of TF.js's weights manifest.

TF.js converts every weight back to float32 when it loads, so this makes the download smaller, not
the network. Affine schemes have one scale and one minimum for each weight, and represent zero
exactly (see ``decodeWeight`` in tfjs-core's ``io_utils.ts``).
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
"""Weights with fewer values, and those with fewer than two axes, such as biases, stay float32: they
are small, and networks are sensitive to them."""

_SHARES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""Candidate shares of a weight's range that the steps cover; values beyond are clipped."""


@dataclass(frozen=True)
class Packed:
    """A stored weight: its entry in the weights manifest, and its bytes."""

    entry: Mapping[str, Any]
    data: bytes


def pack(name: str, array: Array, scheme: Scheme) -> Packed:
    """Return a weight in its stored form.

    Args:
        name: Its name in the manifest, and in error messages.
        array: ``float32``, ``int32`` or ``bool``; only ``float32`` is quantized.
        scheme: How to store it.

    Raises:
        WeightError: If it has another dtype, holds NaN or infinity, or exceeds float16's range.
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
    """Return whether all values are finite; a scalar may be infinite, as for max-pooling."""
    return bool(np.isfinite(array).all() or (array.size == 1 and not np.isnan(array).any()))


def stays(array: Array) -> bool:
    """Return whether a weight is never quantized; see `SMALLEST`."""
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
    """Return ``value = stored * scale + min``, where some stored value is exactly 0."""
    steps = int(np.iinfo(dtype).max)
    low, high = min(float(array.min()), 0.0), max(float(array.max()), 0.0)
    choices = [_rounded(array, share * low, share * high, steps) for share in _SHARES]
    stored, scale, zero = min(choices, key=lambda each: _loss(array, *each))
    quantization = {"dtype": dtype.name, "scale": scale, "min": -zero * scale}
    return Packed({**entry, "quantization": quantization}, _bytes(stored.astype(dtype)))


def _rounded(
    array: NDArray[np.float64], low: float, high: float, steps: int
) -> tuple[NDArray[np.float64], float, int]:
    """Return integers in 0..steps for a range, the size of a step, and the integer for zero."""
    scale = (high - low) / steps or 1.0
    zero = round(-low / scale)
    return np.clip(np.rint(array / scale) + zero, 0, steps), scale, zero


def _loss(
    array: NDArray[np.float64], stored: NDArray[np.float64], scale: float, zero: int
) -> float:
    return float(np.square((stored - zero) * scale - array).sum())


def unpack(packed: Packed) -> NDArray[Any]:
    """Return a weight as TF.js decodes it."""
    quantization = packed.entry.get("quantization", {"dtype": packed.entry["dtype"]})
    stored = np.frombuffer(packed.data, np.dtype(quantization["dtype"]).newbyteorder("<"))
    if "scale" in quantization:
        stored = stored * np.float64(quantization["scale"]) + np.float64(quantization["min"])
        stored = np.rint(stored) if packed.entry["dtype"] == "int32" else stored
    return stored.astype(packed.entry["dtype"]).reshape(packed.entry["shape"])
