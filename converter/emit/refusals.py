"""Nodes that TF.js cannot compute: why, what to do instead, and all of them in one error."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from converter.errors import ConverterError, UnsupportedError

Reason: TypeAlias = tuple[str, str]
"""Why a node cannot be converted, and what to do instead."""

IN_PYTHON = "make what it takes outputs of the network, and do this in Python"
LOOP: Reason = (
    "it repeats other nodes, which no bundle does",
    "export with fixed sizes, or write it out",
)


def open_count(things: str, way_out: str = IN_PYTHON) -> Reason:
    """Return the reason for an operator whose number of results depends on its input."""
    return (
        f"how many {things} there are depends on what the network computes, and a bundle's shapes "
        "are fixed",
        way_out,
    )


def no_converter(version: int) -> Reason:
    """Return the reason for a version of an operator that is not implemented."""
    return (
        f"there is no converter for version {version} of this operator",
        "rebuild the model with other layers, or cut it off before this node and compute the rest "
        "in Python",
    )


class Refused(ConverterError):  # noqa: N818 - a verdict on one node, collected into `Unconvertible`
    """A node that TF.js cannot compute as its format defines it.

    Attributes:
        reason: What cannot be represented.
        way_out: What to do about it.
        needs: Indices of the inputs that would have to be constants.
    """

    def __init__(self, reason: str, way_out: str = "", needs: tuple[int, ...] = ()) -> None:
        super().__init__(f"{reason}; {way_out}" if way_out else reason)
        self.reason, self.way_out, self.needs = reason, way_out, needs


@dataclass(frozen=True)
class Problem:
    """A node that cannot be converted.

    Attributes:
        name: The node.
        op: Its operator.
        attributes: Its attributes as text.
        reason: Why it cannot be converted.
        needs: Names of the tensors that would have to be constants.
    """

    name: str
    op: str
    attributes: str
    reason: str
    needs: tuple[str, ...] = ()

    def __str__(self) -> str:
        given = f" ({self.attributes})" if self.attributes else ""
        return f"{self.op} {self.name}{given}: {self.reason}"


class Unconvertible(UnsupportedError):  # noqa: N818 - named after the model, as `Refused`
    """A model with nodes that TF.js cannot compute; the message lists every one.

    Attributes:
        problems: One for each of these nodes.
    """

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        listing = "".join(f"\n  {each}" for each in problems)
        super().__init__(f"{name}: TF.js cannot compute {len(problems)} of the nodes:{listing}")
        self.problems = tuple(problems)
