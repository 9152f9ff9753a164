"""Plots as SVG; ``report.css`` styles their classes."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

_WIDTH = 880
"""Width of `bars` and `marks`, in SVG units."""
_LABEL, _ROW, _NUMBER = 280, 24, 80
"""Width of labels, height of a row, width of the number after a bar."""

_SQUARE, _MARGIN = 300, 46
_DOTS = 1500
"""Maximum number of dots in a scatter plot; more would make the page large."""


@dataclass(frozen=True)
class Bar:
    """A row of `bars`."""

    label: str
    value: float
    shown: str
    colour: str = "a"


@dataclass(frozen=True)
class Mark:
    """A row of `marks`: a measured value, and its limit."""

    label: str
    value: float
    allowed: float
    good: bool


def bars(rows: Sequence[Bar]) -> str:
    """Return horizontal bars from zero, with a label before and a number after each."""
    most = max((row.value for row in rows), default=0) or 1
    room = _WIDTH - _LABEL - _NUMBER
    parts = []
    for number, row in enumerate(rows):
        y, length = number * _ROW, max(1.0, room * row.value / most)
        parts.append(_text(_LABEL - 10, y + 17, row.label, "end"))
        parts.append(
            f'<rect class="{row.colour}" x="{_LABEL}" y="{y + 5}" width="{length:.1f}" '
            f'height="{_ROW - 10}" rx="2"/>'
        )
        parts.append(_text(_LABEL + length + 8, y + 17, row.shown, "start", "number"))
    return _svg(_WIDTH, len(rows) * _ROW, parts)


def marks(rows: Sequence[Mark]) -> str:
    """Return a dot for each value on a logarithmic scale, and a tick at its limit."""
    finite = [each for row in rows for each in (row.value, row.allowed) if 0 < each < math.inf]
    low, high = _decades(finite)
    height = len(rows) * _ROW

    def place(value: float) -> float:
        share = (math.log10(value) - low) / (high - low) if value > 0 else 0
        return _LABEL + (_WIDTH - _LABEL - 30) * min(max(share, 0), 1)

    parts = [_decade(place(10.0**power), height, power) for power in range(low, high + 1)]
    for number, row in enumerate(rows):
        y, limit = number * _ROW + _ROW / 2, place(row.allowed)
        parts.append(_text(_LABEL - 10, y + 4, row.label, "end"))
        parts.append(f'<line class="room" x1="{_LABEL}" y1="{y}" x2="{limit:.1f}" y2="{y}"/>')
        parts.append(
            f'<line class="limit" x1="{limit:.1f}" y1="{y - 8}" x2="{limit:.1f}" y2="{y + 8}"/>'
        )
        x, kind = place(row.value), "good" if row.good else "bad"
        parts.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{y}" r="5.5"/>')
    return _svg(_WIDTH, height + 26, parts)


def _decade(x: float, height: float, power: int) -> str:
    line = f'<line class="grid" x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{height}"/>'
    return line + _text(x, height + 18, f"1e{power}", "middle", "tick")


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """Return the exponents of the powers of ten that enclose values."""
    if not values:
        return -8, 0
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def scatter(x: NDArray[np.float64], y: NDArray[np.float64], colour: str) -> str:
    """Return a scatter plot of ``y`` over ``x``, each ``(n,)``, with the diagonal."""
    finite = np.isfinite(x) & np.isfinite(y)
    x, y = x[finite], y[finite]
    low, high = _range(np.concatenate([x, y]))
    chosen = _chosen(np.abs(x - y))

    def across(value: float) -> float:
        return _MARGIN + (_SQUARE - _MARGIN - 10) * (value - low) / (high - low)

    def up(value: float) -> float:
        return _SQUARE - 30 - (_SQUARE - 40) * (value - low) / (high - low)

    parts = [
        f'<path class="grid" d="M{_MARGIN} 10V{_SQUARE - 30}H{_SQUARE - 10}"/>',
        f'<line class="limit" x1="{across(low):.1f}" y1="{up(low):.1f}" '
        f'x2="{across(high):.1f}" y2="{up(high):.1f}"/>',
    ]
    for value in (low, high):
        parts.append(_text(across(value), _SQUARE - 12, f"{value:.3g}", "middle", "tick"))
        parts.append(_text(_MARGIN - 6, up(value) + 4, f"{value:.3g}", "end", "tick"))
    parts += [
        f'<circle class="dot {colour}" cx="{across(a):.1f}" cy="{up(b):.1f}" r="2.2"/>'
        for a, b in zip(x[chosen], y[chosen], strict=True)
    ]
    return _svg(_SQUARE, _SQUARE, parts)


def _range(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = (float(each) for each in (values.min(initial=0), values.max(initial=0)))
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _chosen(errors: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return indices of the dots to draw: at even strides, and those with the largest errors."""
    if errors.size <= _DOTS:
        return np.arange(errors.size)
    even = np.linspace(0, errors.size - 1, _DOTS - 100).astype(np.intp)
    return np.union1d(even, np.argsort(errors)[-100:])


def histogram(errors: NDArray[np.float64], colour: str) -> str:
    """Return a histogram of ``(n,)`` differences, on a logarithmic scale."""
    above = errors[(errors > 0) & np.isfinite(errors)]
    low, high = _decades([float(above.min()), float(above.max())] if above.size else [])
    edges = np.logspace(low, high, 4 * (high - low) + 1)
    counts, _ = np.histogram(above, edges)
    tall, wide = _SQUARE - 40, (_SQUARE - _MARGIN - 10) / len(counts)
    most = max(1, int(counts.max(initial=0)))
    parts = []
    for number, count in enumerate(counts):
        height = tall * count / most
        parts.append(
            f'<rect class="{colour}" x="{_MARGIN + number * wide + 0.5:.1f}" '
            f'y="{_SQUARE - 30 - height:.1f}" width="{wide - 1:.1f}" height="{height:.1f}"/>'
        )
    parts.append(f'<path class="grid" d="M{_MARGIN} 10V{_SQUARE - 30}H{_SQUARE - 10}"/>')
    step = max(1, (high - low) // 4)
    for power in range(low, high + 1, step):
        x = _MARGIN + 4 * (power - low) * wide
        parts.append(_text(x, _SQUARE - 12, f"1e{power}", "middle", "tick"))
    parts.append(_text(_MARGIN - 6, 16, f"{most:,}", "end", "tick"))
    return _svg(_SQUARE, _SQUARE, parts)


def _text(x: float, y: float, text: str, anchor: str, kind: str = "label") -> str:
    shown = text if len(text) <= 40 else f"...{text[-37:]}"
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(shown)}'
        f"<title>{escape(text)}</title></text>"
    )


def _svg(width: float, height: float, parts: Iterable[str]) -> str:
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<div class="scroll"><svg {size} role="img">{"".join(parts)}</svg></div>'
