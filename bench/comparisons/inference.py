"""Inference of each network from Python and JavaScript, compared with plain TF.js and ONNX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from bench import machine, peers, tabs
from bench.host import BenchHost
from bench.peers import AS_ONNX, JAVASCRIPT, ONNX, PAGES
from bench.result import OURS, Result, Row, compared

BRIDGE, ENGINE = "from JavaScript", "engine alone"
NETWORKS = {
    "EfficientNet-Lite0": "efficientnet-lite0",
    "NanoDet": "nanodet",
    "MoveNet": "movenet",
    "digits": "digits",
}
TURNS, RUNS = 3, 8
"""Turns per round, and runs per turn; the sample of a turn is the median of its runs."""
METHOD = (
    "One inference on WebAssembly, on noise, in tabs of one browser that take turns; a sample is "
    f"the median of {RUNS} runs. Glassbooth: from Python, there and back; the same from JavaScript "
    "on its page; and what passes within the engine. TF.js and onnxruntime-web run on pages of "
    "their own, without a worker in between; onnxruntime-web gets the shipped network as ONNX, "
    "with its weights as float32. MoveNet has operations that the ONNX writer does not know. "
    "Several threads: all pages are isolated, and get as many threads as Glassbooth takes."
)

RUN_BRIDGE = """async ([name, runs]) => {
  const { noise } = await import('/peers/exhibit.js');
  const { engine } = glassbooth;
  const { handle, card } = await engine.load(name);
  const [{ name: input, shape, dtype }] = JSON.parse(card).inputs;
  const [times, within] = [[], []];
  for (let i = 0; i < runs; i++) {
    const values = noise(shape, dtype);
    const start = performance.now();
    await engine.run(handle, { [input]: { values, shape } });
    times.push(performance.now() - start);
    within.push((await engine.stats()).runMs);
  }
  return [times, within];
}"""
RUN_PYTHON = "([name, runs]) => python.repeat(name, runs)"
RUN_PEER = "([name, runs]) => repeat(name, runs)"

Turn = Callable[[str], Mapping[str, float]]
"""Runs a network for one turn; returns one sample, or two, by side."""


def measure(rounds: int) -> Result:
    """Run all networks in turn, on one thread and on as many as Glassbooth uses."""
    rows: list[Row] = []
    with sync_playwright() as playwright, peers.host() as host, tabs.started(playwright) as browser:
        about = machine.describe(
            Chromium=browser.version, **{"onnxruntime-web": peers.ONNXRUNTIME.spec}
        )
        for isolated in (False, True):
            rows += _rows(browser, host, isolated, rounds * TURNS)
    return Result("inference", "One inference", METHOD, tuple(rows), about)


def _rows(browser: Browser, host: BenchHost, isolated: bool, turns: int) -> list[Row]:
    site = tabs.with_python(tabs.open_site(browser, host, "check", isolated))
    threads = tabs.threads(site)
    pages = {
        side: tabs.open_peer(browser, host, PAGES[side], threads) for side in (JAVASCRIPT, ONNX)
    }
    sides: list[Turn] = [_python(site), _bridge(site), *(_peer(s, p) for s, p in pages.items())]
    rows = []
    for title, name in NETWORKS.items():
        samples: dict[str, list[float]] = {}
        for turn in range(turns + 1):  # the first one loads, compiles and allocates
            for side in sides:
                for label, ms in side(name).items():
                    samples.setdefault(label, []).extend([ms] if turn else [])
        number = f"{threads} threads" if threads > 1 else "1 thread"
        rows.append(compared(f"{title}, {number}", "ms", samples))
    for page in (site, *pages.values()):
        page.context.close()
    return rows


def _python(page: Page) -> Turn:
    def run(name: str) -> Mapping[str, float]:
        page.bring_to_front()
        return {OURS: median(page.evaluate(RUN_PYTHON, [name, RUNS]))}

    return run


def _bridge(page: Page) -> Turn:
    def run(name: str) -> Mapping[str, float]:
        page.bring_to_front()
        times, within = page.evaluate(RUN_BRIDGE, [name, RUNS])
        return {BRIDGE: median(times), ENGINE: median(within)}

    return run


def _peer(side: str, page: Page) -> Turn:
    def run(name: str) -> Mapping[str, float]:
        if side == ONNX and name not in AS_ONNX:
            return {}
        page.bring_to_front()
        return {side: median(page.evaluate(RUN_PEER, [name, RUNS]))}

    return run
