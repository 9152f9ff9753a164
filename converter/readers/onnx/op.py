"""An ONNX node as its converter sees it: `Op`, with the inputs as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from converter.emit.refusals import Refused
from converter.emit.values import DTYPES, Value


@dataclass(frozen=True)
class Result:
    """An output of a node: its ONNX dtype, and its shape."""

    kind: str
    shape: tuple[int, ...]

    @property
    def dtype(self) -> str:
        """The TF.js dtype that stands for it."""
        return DTYPES[self.kind]


@dataclass(frozen=True)
class Op:
    """A node of an ONNX graph.

    Attributes:
        name: Its name in the graph that is built; unique.
        kind: Its operator, such as ``Conv``.
        version: Version of the operator's schema (``since_version``).
        inputs: The inputs; None for optional ones that are left out.
        kinds: ONNX dtype of each input, such as ``uint8``; empty for those left out.
        results: The outputs.
        attributes: Attributes as Python numbers, strings, lists, and numpy arrays.
    """

    name: str
    kind: str
    version: int
    inputs: tuple[Value | None, ...]
    kinds: tuple[str, ...]
    results: tuple[Result, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, index: int) -> Value:
        """Return a required input.

        Raises:
            Refused: If it is missing.
        """
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
        """Return the content of a constant input.

        Raises:
            Refused: If it is computed while the network runs.
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
        """Return the content of a constant input as a flat list of integers; see `constant`."""
        return [int(each) for each in self.constant(index).reshape(-1)]

    def integer(self, name: str, default: int) -> int:
        """Return an integer attribute."""
        return int(self.attributes.get(name, default))

    def number(self, name: str, default: float) -> float:
        """Return a float attribute."""
        return float(self.attributes.get(name, default))

    def text(self, name: str, default: str) -> str:
        """Return a string attribute."""
        return str(self.attributes.get(name, default))

    def numbers(self, name: str, default: Sequence[Any] = ()) -> list[Any]:
        """Return an attribute that is a list."""
        return [*self.attributes.get(name, default)]

    def axis(self, default: int, rank: int | None = None, name: str = "axis") -> int:
        """Return an attribute that is an axis, in 0..rank-1; the rank defaults to input 0's."""
        return within(self.integer(name, default), self[0].rank if rank is None else rank)


def within(axis: int, rank: int) -> int:
    """Return an axis in 0..rank-1, given one in -rank..rank-1.

    Raises:
        Refused: If it is out of range.
    """
    if not -max(rank, 1) <= axis < max(rank, 1):
        raise Refused(f"axis {axis} does not exist in {rank} axes", "export the model again")
    return axis % max(rank, 1)
