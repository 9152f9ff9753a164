"""Live camera exhibits: frames per second, and long tasks on the main thread."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from bench import machine, peers, tabs
from bench.host import BenchHost
from bench.result import OURS, Goal, Result, Row
from bench.visits import DIGITS, Task
from glassbooth.dev import mannequin

SECONDS, WARM_FRAMES = 15, 10
LIVE = {
    "identify": ("photo-camera", "photo-rate"),
    "detect": ("photo-camera", "photo-rate"),
    "dance": ("dance-camera", "dance-rate"),
}
"""For each exhibit its button, and what it writes with each frame."""
LEAST_FRAMES = {"detect": 10}
BOOTING_MS, LATER_MS = 200, 50
METHOD = (
    "Answered frames a second on WebAssembly, from pixels to what is shown, counted on the page "
    f"for {SECONDS} s after {WARM_FRAMES} frames; the camera shows a film of 480×360 at 30 frames "
    "a second. Detect looks at as many pixels of a frame as the device answers ten times a second. "
    "Long tasks are the browser's own account of what kept the page busy for over 50 ms: "
    "until the page was ready, and from then on until its last frame was counted."
)
COUNT = """async ([button, place, warm, seconds]) => {
  let frames = 0;
  let wake = () => {};
  const observer = new MutationObserver(() => { frames += 1; wake(); });
  observer.observe(document.getElementById(place), { childList: true });
  document.getElementById(button).click();
  await new Promise((resolve) => { wake = () => { if (frames >= warm) resolve(); }; });
  const [start, counted] = [performance.now(), frames];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  observer.disconnect();
  return (frames - counted) / (performance.now() - start) * 1000;
}"""
WATCH = Task("", "").driver()
TASKS = "visit.ready.then((ready) => [ready, visit.longTasks])"


def measure(_rounds: int) -> Result:
    """Run each exhibit once on one thread, and once on a second visit, with threads."""
    rows: list[Row] = []
    notes: list[str] = []
    with (
        sync_playwright() as playwright,
        peers.host() as host,
        tempfile.TemporaryDirectory() as folder,
        tabs.started(playwright, film(Path(folder))) as browser,
    ):
        about = machine.describe(Chromium=browser.version)
        for isolated in (False, True):
            kind = "second visit, threads" if isolated else "first visit, 1 thread"
            visits = {each: _watch(browser, host, each, isolated) for each in ("digits", *LIVE)}
            for exhibit, seen in visits.items():
                rows += _rows(f"{exhibit}, {kind}", exhibit, seen)
                notes.append(_told(f"{exhibit}, {kind}", seen))
            rows += _worst(kind, tuple(visits.values()))
    return Result("live", "Live", METHOD, tuple(rows), about, tuple(notes))


def film(folder: Path) -> list[str]:
    """Write a film into a folder; return the flags of a browser whose fake camera plays it."""
    path = folder / "film.mjpeg"
    path.write_bytes(mannequin.film(10))
    return [f"--use-file-for-fake-video-capture={path}"]


class LiveMeasurement:
    """Measurements of one visit: frames per second (0 if none), long tasks in ms."""

    def __init__(self, rate: float, ready: float, tasks: Sequence[dict[str, float]]) -> None:
        self.rate = rate
        self.booting = [task["ms"] for task in tasks if task["start"] < ready]
        self.later = [task for task in tasks if task["start"] >= ready]
        self.longest_booting = max(self.booting, default=0.0)
        self.longest_later = max((task["ms"] for task in self.later), default=0.0)


def _watch(browser: Browser, host: BenchHost, exhibit: str, isolated: bool) -> LiveMeasurement:
    driver = WATCH if exhibit in LIVE else DIGITS.driver()
    page = tabs.open_site(browser, host, exhibit, isolated, driver)
    rate = count(page, exhibit)
    ready, tasks = page.evaluate(TASKS)
    page.context.close()
    return LiveMeasurement(rate, ready, tasks)


def count(page: Page, exhibit: str) -> float:
    """Turn the camera on, and return the answered frames per second."""
    if exhibit not in LIVE:
        page.evaluate("visit.answer")
        return 0
    answer: Any = page.evaluate(COUNT, [*LIVE[exhibit], WARM_FRAMES, SECONDS])
    return float(answer)


def _rows(title: str, exhibit: str, seen: LiveMeasurement) -> list[Row]:
    rows = [
        Row(f"{title}, longest task until ready", "ms", {OURS: (seen.longest_booting,)}),
        Row(f"{title}, longest task later", "ms", {OURS: (seen.longest_later,)}),
    ]
    if exhibit in LIVE:
        least = LEAST_FRAMES.get(exhibit)
        goals = (Goal(f"{title}, frames a second", seen.rate, least, True),) if least else ()
        rows.insert(0, Row(title, "frames a second", {OURS: (seen.rate,)}, goals))
    return rows


def _worst(kind: str, seen: Sequence[LiveMeasurement]) -> list[Row]:
    booting = max(each.longest_booting for each in seen)
    later = max(each.longest_later for each in seen)
    return [
        _limited(f"all exhibits, {kind}, longest task until ready", booting, BOOTING_MS),
        _limited(f"all exhibits, {kind}, longest task later", later, LATER_MS),
    ]


def _limited(title: str, got: float, most: float) -> Row:
    return Row(title, "ms", {OURS: (got,)}, (Goal(f"{title}, ms", got, most),))


def _told(title: str, seen: LiveMeasurement) -> str:
    later = ", ".join(f"{task['ms']:.0f} ms at {task['start'] / 1000:.1f} s" for task in seen.later)
    booting = ", ".join(f"{ms:.0f} ms" for ms in seen.booting)
    return f"{title}: long tasks until ready: {booting or 'none'}; later: {later or 'none'}."
