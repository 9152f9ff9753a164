"""What a comparison came to: samples of each side, taken by turns, and what follows from them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Self

OURS = "Glassbooth"
"""What the side is called that the others are compared with."""


@dataclass(frozen=True)
class Spread:
    """The middle half of some samples: lower quartile, median, upper quartile."""

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
    """Return the smallest sample that at least this share (0..1) of all do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def middle_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return how many times as much ours is, in the middle one of the rounds.

    Raises:
        ValueError: If there are not as many of both.
    """
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def number(value: float) -> str:
    """Render a figure with three digits that count: `12,345`, `123`, `12.3`, `0.00123`."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) < 1e-3:
        return f"{value:.1e}"
    return f"{value:.3g}"


@dataclass(frozen=True)
class Goal:
    """What a figure ought to be.

    Attributes:
        title: What the figure is.
        got: What it is.
        bound: What it is at most or, with `at_least`, at least.
    """

    title: str
    got: float
    bound: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether it is."""
        return self.got >= self.bound if self.at_least else self.got <= self.bound

    @property
    def wanted(self) -> str:
        """What it ought to be."""
        return f"{'at least' if self.at_least else 'at most'} {self.bound:g}"

    def told(self) -> str:
        """Tell what it is, and what it ought to be."""
        return f"{self.title}: {number(self.got)}, {self.wanted}"


@dataclass(frozen=True)
class Row:
    """One thing that was measured, on each side.

    Attributes:
        title: What was measured.
        unit: Of the samples: ``ms``, ``MB``, ``frames a second``; empty for plain numbers.
        samples: By side. Where sides took turns, samples with the same place are of one round.
        goals: What became of the goals that this row is measured for.
    """

    title: str
    unit: str
    samples: Mapping[str, Sequence[float]]
    goals: tuple[Goal, ...] = ()

    def ratio(self, side: str) -> float:
        """Return how many times as much the first side has as another."""
        return middle_ratio(next(iter(self.samples.values())), self.samples[side])

    def comparable(self) -> bool:
        """Tell whether sides took turns: then ratios mean something."""
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
    """A comparison.

    Attributes:
        name: By which it is run.
        title: What people call it.
        method: How it was measured, in a sentence or two.
        rows: What was measured.
        machine: What it was measured on, and with; see `bench.machine`.
        notes: What else was seen, a sentence each.
    """

    name: str
    title: str
    method: str
    rows: tuple[Row, ...]
    machine: Mapping[str, str]
    notes: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return it as JSON, every sample included."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        raw: dict[str, Any] = json.loads(text)
        rows = tuple(
            Row(**{**row, "goals": tuple(Goal(**goal) for goal in row["goals"])})
            for row in raw["rows"]
        )
        return cls(**{**raw, "rows": rows, "notes": tuple(raw["notes"])})

    def save(self, folder: Path) -> None:
        """Write it into a folder, under its name."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.json").write_text(self.to_json(), encoding="utf-8")


def load(path: Path) -> Result:
    """Read a result back."""
    return Result.from_json(path.read_text(encoding="utf-8"))
