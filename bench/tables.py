"""Renders results as tables: for the terminal, and as Markdown between two markers of a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.environments import BenchError
from bench.result import Result, Row, number, spread

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"


def cell(row: Row, side: str) -> str:
    """Format one side of a row: the median, and quartiles if there are several samples."""
    samples = row.samples.get(side)
    if not samples:
        return ""
    found = spread(samples)
    if len(samples) == 1:
        return number(found.middle)
    return f"{number(found.middle)} ({number(found.low)} to {number(found.high)})"


def ratios(row: Row) -> list[str]:
    """Format the first side's ratio to each other side; empty if sides took no turns."""
    if not row.comparable():
        return []
    others = list(row.samples)[1:]
    return [f"{row.ratio(side):.2f} x {side}" for side in others]


def head(row: Row) -> str:
    """Format the title and unit of a row."""
    return f"{row.title}, {row.unit}" if row.unit else row.title


def as_text(result: Result) -> str:
    """Format a result for the terminal, one paragraph per row."""
    lines = [result.title]
    for row in result.rows:
        lines.append(f"  {head(row)}")
        lines += [f"    {side:28} {cell(row, side)}" for side in row.samples]
        lines += [f"    {text}" for text in ratios(row)]
        lines += [f"    {'met' if goal.met else 'MISSED'}: {goal.told()}" for goal in row.goals]
    return "\n".join([*lines, *(f"  {note}" for note in result.notes)])


def as_markdown(result: Result) -> str:
    """Return a result as a Markdown section: method, and a table of all rows."""
    sides = list(dict.fromkeys(side for row in result.rows for side in row.samples))
    lines = [
        f"## {result.title}",
        "",
        f"`python build.py bench {result.name}`: {result.method}",
        "",
    ]
    lines += [_line(["", *sides, "ratio"]), _line(["---"] * (len(sides) + 2))]
    for row in result.rows:
        cells = [cell(row, side) for side in sides]
        lines.append(_line([head(row), *cells, ", ".join(ratios(row))]))
    lines += [f"\n{note}" for note in result.notes]
    return "\n".join([*lines, "", machine(result)])


def as_goals(results: Sequence[Result]) -> str:
    """Return one table of all goals, followed by a line for each machine and set of versions.

    A set that is a subset of another one has no line of its own.
    """
    wanted = [each for each in results if any(row.goals for row in each.rows)]
    lines = [_line(["", "measured", "goal", ""]), _line(["---", "---:", "---:", "---"])]
    for result in wanted:
        for goal in (goal for row in result.rows for goal in row.goals):
            verdict = "met" if goal.met else "missed"
            title = f"{result.title}: {goal.title}"
            lines.append(_line([title, number(goal.got), goal.wanted, verdict]))
    machines = [each.machine.items() - _changing(each) for each in wanted]
    most = [each for each in machines if not any(each < other for other in machines)]
    lines += dict.fromkeys("\n" + _about(sorted(each)) for each in most)
    return "\n".join(lines)


def _changing(result: Result) -> set[tuple[str, str]]:
    """Entries that may differ between two results of one machine."""
    return {(k, v) for k, v in result.machine.items() if k in ("date", "load before")}


def machine(result: Result) -> str:
    """Return a line with the machine and versions of a result."""
    return _about(result.machine.items())


def _about(machine: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in machine) + "."


def publish(path: Path, text: str) -> None:
    """Replace the text between the markers of a file.

    Raises:
        BenchError: If the file does not contain both markers exactly once and in order.
    """
    content = path.read_text(encoding="utf-8")
    before, begin, rest = content.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in after:
        raise BenchError(f"{path}: expected {BEGIN} and {END} once each, for the table; add them")
    path.write_text(f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{after}", encoding="utf-8")


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
