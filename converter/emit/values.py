"""Tensors while a graph is being built: `Value`, and TF.js's dtype for each source dtype."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from converter.emit.refusals import Refused
from converter.graph import Array

DTYPES: Mapping[str, str] = {
    **dict.fromkeys(("float32", "float16", "float64", "bfloat16"), "float32"),
    **dict.fromkeys(("int8", "int16", "int32", "int64"), "int32"),
    **dict.fromkeys(("uint8", "uint16", "uint32", "uint64"), "int32"),
    "bool": "bool",
}
"""TF.js dtype by source dtype; a dtype that is missing here has no counterpart."""


@dataclass(frozen=True)
class Value:
    """A tensor: the result of a node, an input, or a constant.

    Attributes:
        reference: How nodes refer to it. Empty for constants, which become weights on first use.
        shape: Its dimensions, all known.
        dtype: ``float32``, ``int32`` or ``bool``.
        array: The content of a constant, in the dtype of the source (such as int64), else None.
    """

    reference: str
    shape: tuple[int, ...]
    dtype: str
    array: NDArray[Any] | None = None

    @property
    def rank(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        return int(np.prod(self.shape, dtype=np.int64))


def narrowed(array: NDArray[Any]) -> Array:
    """Return an array as float32, int32 or bool.

    Raises:
        Refused: If a number is out of range, or the dtype has no counterpart.
    """
    if array.dtype.kind == "b":
        return array.astype(np.bool_)
    if array.dtype.kind in "iu":
        return _whole(array)
    if array.dtype.name not in DTYPES:
        raise Refused(f"TF.js has no type {array.dtype.name}", "use float32 or int32")
    with np.errstate(over="ignore"):
        made = array.astype(np.float32)
    if (np.isinf(made) & np.isfinite(array.astype(np.float64))).any():
        raise Refused("a constant is too large for float32", "rescale the model")
    limits = np.finfo(np.float32)  # infinities cannot be stored; the largest float replaces them
    return np.where(np.isnan(made), made, made.clip(limits.min, limits.max)).astype(np.float32)


def _whole(array: NDArray[Any]) -> NDArray[np.int32]:
    limits = np.iinfo(np.int32)
    if array.size and (int(array.min()) < limits.min or int(array.max()) > limits.max):
        raise Refused(
            f"a constant is outside int32: {int(array.min())} to {int(array.max())}",
            "TF.js has no wider integers; use smaller numbers",
        )
    return array.astype(np.int32)
