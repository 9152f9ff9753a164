"""Bytes transferred up to the first answer."""

from __future__ import annotations

from playwright.sync_api import Playwright, sync_playwright

from bench import forms, machine, peers
from bench.host import BenchHost
from bench.peers import PAGES
from bench.result import OURS, Goal, Result, Row
from bench.visits import (
    DANCE,
    DETECT,
    DIGITS,
    IDENTIFY,
    Task,
    Visit,
    browser,
    chromium_version,
    fresh_profile,
    go,
)

MOST_MB = 7
METHOD = (
    "Files that the host sends from the beginning of a first visit to the first right answer, "
    "without what the service worker fetches for later: as they are, and with text and WebAssembly "
    "as gzip (level 9) or brotli (quality 11), one by one."
)


def measure(_rounds: int) -> Result:
    """Visit every exhibit once, and the peers' pages of two of them."""
    rows: list[Row] = []
    with sync_playwright() as playwright, peers.host() as host:
        about = machine.describe(Chromium=chromium_version(playwright))
        for task in (DIGITS, IDENTIFY, DETECT, DANCE):
            sides = PAGES if task in (DIGITS, IDENTIFY) else (OURS,)
            rows += _rows(task, {side: _visit(playwright, host, side, task) for side in sides})
    return Result("bytes", "Bytes to the first answer", METHOD, tuple(rows), about)


def _visit(playwright: Playwright, host: BenchHost, side: str, task: Task) -> Visit:
    with fresh_profile() as profile, browser(playwright, profile, "block") as context:
        return go(context.pages[0], host, side, task)


def _rows(task: Task, visits: dict[str, Visit]) -> list[Row]:
    forms.prepare(path for visit in visits.values() for path in visit.sent)
    weights = {side: visit.weight for side, visit in visits.items()}
    brotli = weights[OURS].brotli / 1e6
    goals = (Goal(f"{task.exhibit}, brotli, MB", brotli, MOST_MB),) if task is DIGITS else ()
    return [
        Row(
            f"{task.exhibit}, {form}",
            "MB",
            {side: (getattr(weight, form) / 1e6,) for side, weight in weights.items()},
            goals if form == "brotli" else (),
        )
        for form in ("raw", "gzip", "brotli")
    ]
