"""Result of a comparison: interleaved samples of each side, statistics and goals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Self

OURS = "Glassbooth"
"""Name of the side that the others are compared with."""


@dataclass(frozen=True)
class Spread:
    """Lower quartile, median and upper quartile of some samples."""

    low: float
    middle: float
    high: float


def spread(samples: Sequence[float]) -> Spread:
    """Return quartiles, interpolated between samples; one sample is all three.

    Raises:
        ValueError: If there is no sample.
    """
    if not samples:
        raise ValueError("samples: expected at least one, got none")
    if len(samples) == 1:
        return Spread(samples[0], samples[0], samples[0])
    return Spread(*quantiles(samples, n=4, method="inclusive"))


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the smallest sample that at least this share (0..1) of all samples do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def middle_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median over rounds of the ratio of ours to the other's.

    Raises:
        ValueError: If the numbers of samples differ.
    """
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def number(value: float) -> str:
    """Format a figure with at least three significant digits: `12,345`, `12.3`, `0.00123`."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) < 1e-3:
        return f"{value:.1e}"
    return f"{value:.3g}"


@dataclass(frozen=True)
class Goal:
    """A bound on a figure.

    Attributes:
        title: Description of the figure.
        got: Measured value.
        bound: Upper bound or, with `at_least`, lower bound.
    """

    title: str
    got: float
    bound: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the value is within the bound."""
        return self.got >= self.bound if self.at_least else self.got <= self.bound

    @property
    def wanted(self) -> str:
        """The bound as text."""
        return f"{'at least' if self.at_least else 'at most'} {self.bound:g}"

    def told(self) -> str:
        """Value and bound as text."""
        return f"{self.title}: {number(self.got)}, {self.wanted}"


@dataclass(frozen=True)
class Row:
    """One measured quantity, with samples of each side.

    Attributes:
        title: Description of the quantity.
        unit: Unit of the samples: ``ms``, ``MB``, ``frames a second``; empty for plain numbers.
        samples: Samples by side. If sides took turns, equal indices are of the same round.
        goals: Goals for this quantity.
    """

    title: str
    unit: str
    samples: Mapping[str, Sequence[float]]
    goals: tuple[Goal, ...] = ()

    def ratio(self, side: str) -> float:
        """Return the ratio of the first side to another."""
        return middle_ratio(next(iter(self.samples.values())), self.samples[side])

    def comparable(self) -> bool:
        """Whether sides took turns, so that ratios are meaningful."""
        return len({len(each) for each in self.samples.values()}) == 1 < len(self.samples)


def compared(
    title: str,
    unit: str,
    samples: Mapping[str, Sequence[float]],
    most: Mapping[str, float] | None = None,
) -> Row:
    """Return a row, with a goal for the first side's ratio to each side in ``most``."""
    plain = Row(title, unit, samples)
    goals = (
        Goal(f"{title}, to {side}", plain.ratio(side), bound)
        for side, bound in (most or {}).items()
        if side in samples
    )
    return Row(title, unit, samples, tuple(goals))


@dataclass(frozen=True)
class Result:
    """Result of a comparison.

    Attributes:
        name: Name on the command line.
        title: Display name.
        method: Method, in a sentence or two.
        rows: Measured quantities.
        machine: Machine and software versions; see `bench.machine`.
        notes: Further observations, a sentence each.
    """

    name: str
    title: str
    method: str
    rows: tuple[Row, ...]
    machine: Mapping[str, str]
    notes: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return the result as JSON, with all samples."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Parse the output of `to_json`."""
        raw: dict[str, Any] = json.loads(text)
        rows = tuple(
            Row(**{**row, "goals": tuple(Goal(**goal) for goal in row["goals"])})
            for row in raw["rows"]
        )
        return cls(**{**raw, "rows": rows, "notes": tuple(raw["notes"])})

    def save(self, folder: Path) -> None:
        """Write the result into a folder, under its name."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.json").write_text(self.to_json(), encoding="utf-8")


def load(path: Path) -> Result:
    """Read a result back."""
    return Result.from_json(path.read_text(encoding="utf-8"))
