"""Compares this site with an older build: times and sizes, interleaved in one run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from playwright.sync_api import Playwright, sync_playwright

from bench import forms, machine, tabs
from bench.comparisons import cold_start, identify_call, live
from bench.environments import BenchError
from bench.host import BenchHost, Link
from bench.result import OURS, Goal, Result, Row
from bench.visits import DIGITS, IDENTIFY, Task, browser, chromium_version, fresh_profile, go
from glassbooth.dev.browsing import SAMPLE_NAMES
from glassbooth.project import HERE

OLD = "old site"
SLOWER, HEAVIER, FEWER = 1.05, 1.0, 0.95
"""Acceptable ratios of medians, allowing for the difference between two runs of one site."""
METHOD = (
    "Two builds of the site, each on a host of its own, take turns. Cold start, the call of "
    "identify (one thread) and live detect (one thread) are measured as in cold-start, "
    "identify-call and live; bytes are those up to the first answer, without a service worker. "
    "Goals are ratios of medians, this site to the old one."
)

Sides = Mapping[str, Path]
"""Folders of the sites, by side."""


def measure(rounds: int, old: Path) -> Result:
    """Measure both sites.

    Raises:
        BenchError: If there is no built site in `old`, or a page does not answer.
    """
    if not (old / "index.html").is_file():
        raise BenchError(f"--old {old}: expected a built site with an index.html; there is none")
    sides: Sides = {OURS: HERE.dist, OLD: old}
    with sync_playwright() as playwright:
        about = machine.describe(Chromium=chromium_version(playwright))
        rows = [
            *_start(playwright, sides, rounds),
            *_bytes(playwright, sides),
            *_calls(playwright, sides, rounds),
            _live(playwright, sides, rounds),
        ]
    return Result("sites", "This site beside an older one", METHOD, tuple(rows), about)


def compared(title: str, unit: str, samples: Mapping[str, Sequence[float]], bound: float) -> Row:
    """Return a row whose goal bounds the ratio of medians: from below if `bound` is below 1."""
    before = median(samples[OLD])
    ratio = median(samples[OURS]) / before if before else float("inf")
    goal = Goal(f"{title}, to the {OLD}", ratio, bound, at_least=bound < 1)
    return Row(title, unit, samples, (goal,))


def _start(playwright: Playwright, sides: Sides, rounds: int) -> Iterator[Row]:
    link = Link(cold_start.MEGABITS, cold_start.LATENCY_MS)
    with ExitStack() as stack:
        hosts = {
            side: (
                stack.enter_context(BenchHost({"/": folder})),
                stack.enter_context(BenchHost({"/": folder}, link)),
            )
            for side, folder in sides.items()
        }
        profiles = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        samples = cold_start.visit_by_turns(playwright, hosts, Path(profiles), rounds)
    for (exhibit, kind), times in samples.items():
        yield compared(f"{exhibit}, {kind}", "ms", times, SLOWER)


def _bytes(playwright: Playwright, sides: Sides) -> Iterator[Row]:
    for task in (DIGITS, IDENTIFY):
        weights = {side: _weigh(playwright, folder, task) for side, folder in sides.items()}
        for form in ("raw", "brotli"):
            sizes = {side: (getattr(each, form) / 1e6,) for side, each in weights.items()}
            yield compared(f"{task.exhibit}, bytes, {form}", "MB", sizes, HEAVIER)


def _weigh(playwright: Playwright, folder: Path, task: Task) -> forms.TransferSize:
    with (
        BenchHost({"/": folder}) as host,
        fresh_profile() as profile,
        browser(playwright, profile, "block") as context,
    ):
        made = go(context.pages[0], host, OURS, task)
        forms.prepare(made.sent)
        return made.weight


def _calls(playwright: Playwright, sides: Sides, rounds: int) -> Iterator[Row]:
    with ExitStack() as stack:
        chromium = stack.enter_context(tabs.started(playwright))
        pages = {}
        for side, folder in sides.items():
            host = stack.enter_context(BenchHost({"/": folder}))
            pages[side] = tabs.open_site(chromium, host, "identify")
            identify_call.wait_for_first(pages[side])
        calls: dict[str, list[identify_call.Call]] = {side: [] for side in sides}
        for turn in range(identify_call.WARM_UP + rounds * identify_call.TURNS):
            for data in map(identify_call.encoded, SAMPLE_NAMES):
                for side, page in cold_start.in_turn(pages, turn):
                    call = identify_call.give(page, data)
                    calls[side] += [call] if turn >= identify_call.WARM_UP else []
    for step in ("total", "decode", "prepare", "run", "read"):
        times = {side: [call[step] for call in each] for side, each in calls.items()}
        title = f"identify, a call, {step}"
        yield compared(title, "ms", times, SLOWER) if step == "total" else Row(title, "ms", times)


def _live(playwright: Playwright, sides: Sides, rounds: int) -> Row:
    rates: dict[str, list[float]] = {side: [] for side in sides}
    with tempfile.TemporaryDirectory() as films, ExitStack() as stack:
        chromium = stack.enter_context(tabs.started(playwright, live.film(Path(films))))
        hosts = {
            side: stack.enter_context(BenchHost({"/": folder})) for side, folder in sides.items()
        }
        for turn in range(rounds):
            for side, host in cold_start.in_turn(hosts, turn):
                page = tabs.open_site(chromium, host, "detect")
                rates[side].append(live.count(page, "detect"))
                page.context.close()
    return compared("detect, live", "frames a second", rates, FEWER)
