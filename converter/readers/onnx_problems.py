"""Nodes that cannot be converted, told all at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from converter.errors import UnsupportedError


@dataclass(frozen=True)
class Problem:
    """A node that cannot be converted."""

    name: str
    op: str
    attributes: str
    reason: str
    needs: tuple[str, ...] = ()

    def __str__(self) -> str:
        given = f" ({self.attributes})" if self.attributes else ""
        return f"{self.op} {self.name}{given}: {self.reason}"


class Unconvertible(UnsupportedError):  # noqa: N818 - it tells about nodes
    """Some nodes that TF.js cannot compute.

    Attributes:
        problems: One for each of them.
    """

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        listing = "".join(f"\n  {each}" for each in problems)
        super().__init__(f"{name}: TF.js cannot compute {len(problems)} of the nodes:{listing}")
        self.problems = tuple(problems)
