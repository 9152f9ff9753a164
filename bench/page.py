"""Renders all results as one self-contained HTML page with a plot for each row."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from bench import tables
from bench.result import Goal, Result, Row, spread

TITLE = "Glassbooth, measured"
STYLE = Path(__file__).with_name("page.css")
WIDTH, LABEL, NUMBER, LINE = 880, 230, 200, 26
"""Widths of plot, names and figures, and height of a side, in view box units."""


def render(results: Sequence[Result]) -> str:
    """Return the page."""
    sections = "\n".join(map(_section, results))
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{TITLE}</title>\n<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n"
        f"<h1>{TITLE}</h1>\n"
        "<p>Bars are medians, lines span the middle half of the samples. Sides took turns on one "
        "machine; a ratio is the middle one of the rounds&#x27; ratios.</p>\n"
        f"{sections}\n</html>\n"
    )


def _section(result: Result) -> str:
    notes = "".join(f"<li>{escape(note)}</li>" for note in result.notes)
    return "\n".join(
        [
            f'<h2 id="{escape(result.name)}">{escape(result.title)}</h2>',
            f"<p>{escape(result.method)}</p>",
            *map(_row, result.rows),
            f"<ul>{notes}</ul>" if notes else "",
            f"<p><small>{escape(tables.machine(result))}</small></p>",
        ]
    )


def _row(row: Row) -> str:
    ratios = escape(", ".join(tables.ratios(row)))
    told = [f"<p>{ratios}</p>"] if ratios else []
    head = f"<h3>{escape(tables.head(row))}</h3>"
    return "\n".join([head, plot(row), *told, *map(_goal, row.goals)])


def _goal(goal: Goal) -> str:
    verdict = "met" if goal.met else "missed"
    return f'<p class="{verdict}">{verdict.capitalize()}: {escape(goal.told())}</p>'


def plot(row: Row) -> str:
    """Return a row as SVG: a bar for each side's median, and a line for its quartiles."""
    spreads = {side: spread(samples) for side, samples in row.samples.items()}
    most = max(found.high for found in spreads.values()) or 1.0
    scale = (WIDTH - LABEL - NUMBER) / most
    parts = []
    for number, (side, found) in enumerate(spreads.items()):
        top, kind = number * LINE, "ours" if number == 0 else "other"
        length = max(1.0, found.middle * scale)
        low, high = LABEL + found.low * scale, LABEL + found.high * scale
        parts += [
            f'<text x="{LABEL - 10}" y="{top + 18}" text-anchor="end">{escape(side)}</text>',
            f'<rect class="{kind}" x="{LABEL}" y="{top + 5}" '
            f'width="{length:.1f}" height="16" rx="2"/>',
            f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{top + 13}" y2="{top + 13}"/>',
            f'<text class="number" x="{max(LABEL + length, high) + 8:.1f}" y="{top + 18}">'
            f"{escape(tables.cell(row, side))}</text>",
        ]
    height = len(spreads) * LINE
    label = escape(tables.head(row), quote=True)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )
