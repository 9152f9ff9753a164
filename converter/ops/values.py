"""What the converters of ONNX's operators work with: values, and the node they are to convert."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from converter.errors import ConverterError

DTYPES: Mapping[str, str] = {
    **dict.fromkeys(("float32", "float16", "float64", "bfloat16"), "float32"),
    **dict.fromkeys(("int8", "int16", "int32", "int64"), "int32"),
    **dict.fromkeys(("uint8", "uint16", "uint32", "uint64"), "int32"),
    "bool": "bool",
}
"""TF.js's type for each type of ONNX that it can stand for."""


class Refused(ConverterError):  # noqa: N818 - the reason is what is caught, not an accident
    """A node that TF.js cannot compute as ONNX says.

    Attributes:
        reason: What cannot be represented.
        way_out: What to do about it.
        needs: The inputs, by index, that would have to be constants.
    """

    def __init__(self, reason: str, way_out: str = "", needs: tuple[int, ...] = ()) -> None:
        super().__init__(f"{reason}; {way_out}" if way_out else reason)
        self.reason, self.way_out, self.needs = reason, way_out, needs


@dataclass(frozen=True)
class Value:
    """A tensor in the making.

    Attributes:
        reference: How nodes refer to it; empty for constants, which get a name when one does.
        shape: Its sides, all of them known.
        dtype: ``float32``, ``int32`` or ``bool``.
        array: Its content, where that is known; in ONNX's own type, so perhaps as int64.
    """

    reference: str
    shape: tuple[int, ...]
    dtype: str
    array: NDArray[Any] | None = None

    @property
    def rank(self) -> int:
        """How many sides it has."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """How many elements it has."""
        return int(np.prod(self.shape, dtype=np.int64))


@dataclass(frozen=True)
class Result:
    """What ONNX says about an output: its type in ONNX, and its shape."""

    kind: str
    shape: tuple[int, ...]

    @property
    def dtype(self) -> str:
        """TF.js's type for it."""
        return DTYPES[self.kind]


@dataclass(frozen=True)
class Op:
    """A node of an ONNX graph.

    Attributes:
        name: What it is called, or is called here if it has no name.
        kind: Its operator.
        version: The version of the operator's schema.
        inputs: What it takes; None for those that are left out.
        kinds: ONNX's type for each input, such as ``uint8``; empty for those left out.
        results: What it gives.
        attributes: As Python's numbers, strings, lists, and numpy's arrays.
    """

    name: str
    kind: str
    version: int
    inputs: tuple[Value | None, ...]
    kinds: tuple[str, ...]
    results: tuple[Result, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, index: int) -> Value:
        """Return an input that must be there."""
        value = self.get(index)
        if value is None:
            raise Refused(f"input {index} is missing", "export the model again")
        return value

    def get(self, index: int) -> Value | None:
        """Return an input, or None if it is left out."""
        return self.inputs[index] if index < len(self.inputs) else None

    @property
    def given(self) -> tuple[Value, ...]:
        """The inputs that are not left out."""
        return tuple(value for value in self.inputs if value is not None)

    @property
    def result(self) -> Result:
        """The first output."""
        return self.results[0]

    def constant(self, index: int) -> NDArray[Any]:
        """Return the content of an input.

        Raises:
            Refused: If it is not known before the network runs.
        """
        value = self[index]
        if value.array is None:
            raise Refused(
                f"input {index} is computed while the network runs",
                "TF.js needs it as a constant; export the model with fixed sizes",
                needs=(index,),
            )
        return value.array

    def ints(self, index: int) -> list[int]:
        """Return the content of an input as a flat list of whole numbers; see `constant`."""
        return [int(each) for each in self.constant(index).reshape(-1)]

    def integer(self, name: str, default: int) -> int:
        """Return an attribute."""
        return int(self.attributes.get(name, default))

    def number(self, name: str, default: float) -> float:
        """Return an attribute."""
        return float(self.attributes.get(name, default))

    def text(self, name: str, default: str) -> str:
        """Return an attribute."""
        return str(self.attributes.get(name, default))

    def numbers(self, name: str, default: Sequence[Any] = ()) -> list[Any]:
        """Return an attribute."""
        return [*self.attributes.get(name, default)]

    def axis(self, default: int, rank: int | None = None, name: str = "axis") -> int:
        """Return an attribute that names an axis, counted from the first."""
        return within(self.integer(name, default), self[0].rank if rank is None else rank)


def within(axis: int, rank: int) -> int:
    """Return an axis counted from the first; ONNX also counts from behind, with -1 the last.

    Raises:
        Refused: If there is no such axis.
    """
    if not -max(rank, 1) <= axis < max(rank, 1):
        raise Refused(f"axis {axis} does not exist in {rank} axes", "export the model again")
    return axis % max(rank, 1)
