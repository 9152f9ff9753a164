"""One call of `identify` by step, compared with plain JavaScript and onnxruntime-web."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, TypeAlias

from playwright.sync_api import Browser, Page, sync_playwright

from bench import machine, peers, tabs
from bench.host import BenchHost
from bench.peers import ONNX
from bench.result import OURS, Result, Row, compared
from glassbooth.dev.browsing import SAMPLE_NAMES, SAMPLES

JAVASCRIPT = "JavaScript, TF.js"
PEER_SCRIPTS = {JAVASCRIPT: "engine.js", ONNX: "onnxruntime.js"}
"""Script behind the exhibit's page instead of Glassbooth's, by peer."""
GOALS = {JAVASCRIPT: 1.05, ONNX: 0.65}
TURNS, WARM_UP = 3, 10
METHOD = (
    "A sample photograph as a file, from its bytes to the five classes, on WebAssembly: the "
    "exhibit's own page, with Glassbooth behind it, with JavaScript alone that decodes, resizes "
    "and reads the same way around the same engine in its worker, and with JavaScript around "
    "onnxruntime-web on the page itself. Tabs of one browser take turns, and nothing asks a page "
    "anything meanwhile. Python's share is prepare, crossing and read; a crossing is the way to "
    "the engine and back."
)

Call: TypeAlias = Mapping[str, float]
"""Times of a call's steps in ms; ``run`` is inference including the bridge."""

ANSWER_SCRIPT = """async (data) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], 'picture.jpg'));
  const results = document.querySelector('#results, #photo-results');
  const done = new Promise((resolve) => new MutationObserver((_, observer) => {
    if (results.dataset.state !== 'done') return;
    observer.disconnect();
    resolve();
  }).observe(results, { attributeFilter: ['data-state'] }));
  const input = document.getElementById('photo-file');
  input.files = carried.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  await done;
  return [...document.querySelectorAll('#timeline tbody tr td:nth-child(3)')]
    .map((cell) => cell.textContent);
}"""
"""Runs inside the page, as the peers' calls do, so that no polling disturbs the measurement."""

ASK = """async (data) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  return identifier.identify(new Blob([bytes]));
}"""


def measure(rounds: int) -> Result:
    """Measure all sides in turn, on one thread and on as many as Glassbooth uses."""
    rows: list[Row] = []
    with sync_playwright() as playwright, peers.host() as host, tabs.started(playwright) as browser:
        about = machine.describe(
            Chromium=browser.version, **{"onnxruntime-web": peers.ONNXRUNTIME.spec}
        )
        for isolated in (False, True):
            rows += _rows(browser, host, isolated, rounds * TURNS)
    return Result("identify-call", "A call of identify", METHOD, tuple(rows), about)


def _rows(browser: Browser, host: BenchHost, isolated: bool, turns: int) -> list[Row]:
    site = tabs.open_site(browser, host, "identify", isolated)
    wait_for_first(site)
    threads = tabs.threads(site)
    alone = {side: _open(browser, host, script, threads) for side, script in PEER_SCRIPTS.items()}
    calls: dict[str, list[Call]] = {side: [] for side in (OURS, *PEER_SCRIPTS)}
    for turn in range(WARM_UP + turns):
        for data in map(encoded, SAMPLE_NAMES):
            made = {OURS: give(site, data), **{s: _ask(p, data) for s, p in alone.items()}}
            for side, call in made.items():
                calls[side] += [call] if turn >= WARM_UP else []
    for page in (site, *alone.values()):
        page.context.close()
    return list(_steps(calls, threads))


def wait_for_first(page: Page) -> None:
    """Wait until the page has answered its initial picture."""
    page.wait_for_function("document.getElementById('guesses')?.children.length")


def encoded(name: str) -> str:
    """Return a sample photograph's file as base64."""
    return base64.b64encode((SAMPLES / f"{name}.jpg").read_bytes()).decode()


def _open(browser: Browser, host: BenchHost, script: str, threads: int) -> Page:
    """Open the exhibit's page with a peer's script behind it."""
    page = tabs.open_peer(browser, host, "alone.html", threads)
    page.evaluate("location.hash = '#/identify'")
    page.evaluate("(script) => import(script).then(() => identifier.load())", f"/peers/{script}")
    return page


def give(page: Page, data: str) -> Call:
    """Give a picture to the exhibit; return the times that it shows with the answer."""
    page.bring_to_front()
    names = ("decode", "prepare", "crossing", "inference", "read", "total")
    times = dict(zip(names, map(float, page.evaluate(ANSWER_SCRIPT, data)), strict=True))
    return {**times, "run": times["crossing"] + times["inference"]}


def _ask(page: Page, data: str) -> dict[str, Any]:
    """Give a picture to a peer's page; return the times of its steps."""
    page.bring_to_front()
    answer: dict[str, Any] = page.evaluate(ASK, data)
    return answer


def _steps(calls: Mapping[str, list[Call]], threads: int) -> list[Row]:
    number = f"{threads} threads" if threads > 1 else "1 thread"
    rows = []
    for step in ("total", "decode", "prepare", "run", "read"):
        samples = {side: [call[step] for call in each] for side, each in calls.items()}
        wanted = GOALS if step == "total" and threads == 1 else None
        rows.append(compared(f"{step}, {number}", "ms", samples, wanted))
    for step in ("crossing", "inference"):
        own = {OURS: [call[step] for call in calls[OURS]]}
        rows.append(Row(f"of run: {step}, {number}", "ms", own))
    return rows
