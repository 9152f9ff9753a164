"""A thousand calls of `identify` from Python, compared with the published figures of 2018."""

from __future__ import annotations

import base64
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench import machine, peers, tabs
from bench.host import BenchHost
from bench.result import OURS, Goal, Result, Row, percentile
from glassbooth.dev.browsing import SAMPLE_NAMES, SAMPLES

CALLS, SETTLING = 1000, 50
PUBLISHED, WARM_MS, COLD_MS = "2018, as published", 316, 1260
METHOD = (
    f"{CALLS} calls in a row from Python on Glassbooth's page: a sample photograph as JPEG is "
    "decoded, prepared, answered and read. On one thread, as on a first visit. A cold call is the "
    "first, with the network's loading from this machine, in a new tab; memory is taken after a "
    f"garbage collection, after {SETTLING} calls and at the end."
)
ASK = """([pictures, calls]) => python.identify(pictures.map(
  (data) => Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))), calls)"""


def measure(rounds: int) -> Result:
    """Call once in a new tab in each round; then many times in one tab."""
    with sync_playwright() as playwright, peers.host() as host, tabs.started(playwright) as browser:
        about = machine.describe(Chromium=browser.version)
        cold = [_cold(browser, host) for _ in range(rounds)]
        page = _open(browser, host)
        _call(page, SETTLING)
        before = _memory(page)
        times = _call(page, CALLS)
        after = _memory(page)
    warm, last = median(times), percentile(times, 0.99)
    rows = (
        Row("cold call", "ms", {OURS: cold, PUBLISHED: (COLD_MS,)}),
        Row(
            "warm call",
            "ms",
            {OURS: times, PUBLISHED: (WARM_MS,)},
            (Goal("warm call, median, to 316 ms", warm / WARM_MS, 0.1),),
        ),
        Row(
            "warm call, 99th percentile",
            "ms",
            {OURS: (last,)},
            (Goal("99th percentile, to the median", last / warm, 2),),
        ),
        *(_grown(what, after[what] - before[what]) for what in before),
    )
    held = ", ".join(f"{what}: {amount:.4g}" for what, amount in before.items())
    title = "A thousand calls of identify"
    return Result("calls", title, METHOD, rows, about, (f"Held before: {held}.",))


def _open(browser: Browser, host: BenchHost) -> Page:
    return tabs.with_python(tabs.open_site(browser, host, "check"))


def _cold(browser: Browser, host: BenchHost) -> float:
    page = _open(browser, host)
    (ms,) = _call(page, 1)
    page.context.close()
    return ms


def _call(page: Page, calls: int) -> list[float]:
    pictures = [
        base64.b64encode((SAMPLES / f"{name}.jpg").read_bytes()).decode() for name in SAMPLE_NAMES
    ]
    return [float(ms) for ms in page.evaluate(ASK, [pictures, calls])]


def _memory(page: Page) -> dict[str, float]:
    """Return memory use by kind: number of tensors, and megabytes."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = float(session.send("Runtime.getHeapUsage")["usedSize"])
    session.detach()
    engine: dict[str, Any] = page.evaluate("glassbooth.engine.stats()")
    return {
        "tensors": engine["tensors"],
        "tensors, MB": engine["bytes"] / 1e6,
        "objects of the page, MB": used / 1e6,
        "Python's memory, MB": float(page.evaluate("python.heap()")) / 1e6,
    }


def _grown(what: str, grown: float) -> Row:
    """Return a row with the goal of growth by at most one megabyte and no tensor."""
    title = f"{what}, more after {CALLS} calls"
    goal = Goal(title, grown, 0 if what.startswith("tensors") else 1)
    return Row(title, "", {OURS: (grown,)}, (goal,))
