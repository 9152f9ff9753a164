"""Time from the start of navigation to the first correct answer, on a first and a later visit."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Playwright, sync_playwright

from bench import forms, machine, peers
from bench.host import BenchHost, Link
from bench.peers import JAVASCRIPT, PAGES, PYSCRIPT
from bench.result import Result, compared
from bench.visits import DIGITS, IDENTIFY, Task, chromium_version, visit

MEGABITS, LATENCY_MS = 20, 20
FIRST, FAR, AGAIN = "first visit", f"first visit, {MEGABITS} Mbit/s", "repeat visit"
GOALS = {FAR: {PYSCRIPT: 0.55, JAVASCRIPT: 2.0}, AGAIN: {PYSCRIPT: 0.40, JAVASCRIPT: 1.5}}
METHOD = (
    "Time from the beginning of the navigation until the right answer to a drawing, or to a "
    "photograph, is on the page, told by the page's own clock. Each visit is in a browser of its "
    "own, which has come to rest: a first one with a new profile, from this machine or over a "
    f"line of {MEGABITS} Mbit/s and {LATENCY_MS} ms that the host simulates for all connections "
    "together, with brotli; a repeat visit with a profile that has been there at least twice. The "
    "visitor draws, or gives the photograph, as soon as the page takes it. All hosts let browsers "
    "keep files for ever."
)

Side = TypeVar("Side")
Samples = dict[tuple[str, str], dict[str, list[float]]]
"""By exhibit and kind of visit, by side, in ms."""


def measure(rounds: int) -> Result:
    """Visit all pages, interleaved."""
    link = Link(MEGABITS, LATENCY_MS)
    with (
        sync_playwright() as playwright,
        peers.host() as near,
        peers.host(link) as far,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profiles,
    ):
        chromium = chromium_version(playwright)
        hosts = dict.fromkeys(PAGES, (near, far))
        samples = visit_by_turns(playwright, hosts, Path(profiles), rounds)
    rows = tuple(
        compared(f"{exhibit}, {kind}", "ms", dict(sides), GOALS.get(kind))
        for (exhibit, kind), sides in samples.items()
    )
    about = machine.describe(Chromium=chromium, **{"onnxruntime-web": peers.ONNXRUNTIME.spec})
    return Result("cold-start", "Cold start to the first answer", METHOD, rows, about)


def visit_by_turns(
    playwright: Playwright,
    hosts: Mapping[str, tuple[BenchHost, BenchHost]],
    profiles: Path,
    rounds: int,
) -> Samples:
    """Visit the sides in turn, each for the first time and again.

    Args:
        playwright: Starts the browsers.
        hosts: Hosts of each side, local and over a simulated link.
        profiles: Folder for persistent profiles.
        rounds: Number of visits of each side.
    """
    samples: Samples = defaultdict(lambda: defaultdict(list))
    for turn in range(rounds):
        for task in (DIGITS, IDENTIFY):
            for side, (near, far) in in_turn(hosts, turn):
                _visit_first(playwright, (near, far), side, task, samples)
                profile = profiles / f"{task.exhibit} {side}"
                for _ in range(1 if turn else 3):
                    again = visit(playwright, near, side, task, profile)
                samples[task.exhibit, AGAIN][side].append(again.answer)
    return samples


def in_turn(sides: Mapping[str, Side], turn: int) -> list[tuple[str, Side]]:
    """Return the order of the sides in a round, which is reversed in every other round."""
    ordered = list(sides.items())
    return ordered[::-1] if turn % 2 else ordered


def _visit_first(
    playwright: Playwright,
    hosts: tuple[BenchHost, BenchHost],
    side: str,
    task: Task,
    samples: Samples,
) -> None:
    for kind, host in zip((FIRST, FAR), hosts, strict=True):
        made = visit(playwright, host, side, task)
        samples[task.exhibit, kind][side].append(made.answer)
        forms.prepare(made.sent)  # or the far host would, while the visitor waits
