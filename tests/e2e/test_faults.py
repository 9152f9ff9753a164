"""Recovery from damaged, missing and wrong files and a lost context; no leaks."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from glassbooth.dev.browsing import FLAGS
from tests.e2e.booth import BoothPage, PhotoPage
from tests.e2e.conftest import DIST, OpenBooth
from tests.e2e.photographs import encode, sample
from tests.e2e.server import Reply, StaticHost


def shard(model: str = "digits") -> Path:
    """Return the first shard of a model as built."""
    (folder,) = (DIST / "models").glob(f"{model}-*")
    manifest = json.loads((folder / "model.json").read_text())["weightsManifest"]
    return Path(folder / manifest[0]["paths"][0])


def flipped() -> bytes:
    data = bytearray(shard().read_bytes())
    data[len(data) // 2] ^= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("make_reply", "message"),
    [
        (lambda: Reply(flipped()), r"arrived damaged: .* other bytes"),
        (lambda: Reply(b"gone", 404), r"is missing on the host \(HTTP 404\)"),
        (lambda: Reply(b"<!doctype html>", type="text/html"), r"arrived damaged: .* a web page"),
        (lambda: Reply(None), r"could not be fetched"),
    ],
    ids=["flipped bit", "missing", "web page with 200", "connection broken"],
)
def test_a_bad_shard_is_told_and_a_retry_works(
    open_booth: OpenBooth, host: StaticHost, make_reply: object, message: str
) -> None:
    host.replies[shard().name] = make_reply()  # type: ignore[operator]
    booth = open_booth()
    expect(booth.error).to_contain_text(shard().name, timeout=60_000)
    expect(booth.error).to_have_text(re.compile(message))
    expect(booth.page.locator("body")).to_have_attribute("data-state", "failed")

    booth.draw(4)
    host.replies.clear()
    booth.error.get_by_role("button", name="Try again").click()
    expect(booth.error).to_be_hidden()
    booth.ready().reads(4)  # nothing is lost: the drawing is answered


def test_a_page_loads_its_network_again_when_it_is_visited_again(
    page: Page, host: StaticHost
) -> None:
    host.replies[shard("nanodet").name] = Reply(b"gone", 404)
    page.goto(f"{host.url}?backend=wasm#/detect")
    photos = PhotoPage(page)
    expect(photos.error).to_contain_text("is missing on the host", timeout=60_000)
    host.replies.clear()
    photos.visit("digits")
    BoothPage(page).ready()
    photos.visit("detect")
    photos.give(encode(sample("coffee")))
    assert photos.answered()


@pytest.mark.parametrize("file", ["pyodide.js", "pyodide.asm.wasm"])
def test_python_that_does_not_come_is_told_and_a_retry_works(
    open_booth: OpenBooth, host: StaticHost, file: str
) -> None:
    host.replies[file] = Reply(b"gone", 404)
    booth = open_booth()
    expect(booth.error).to_contain_text("Python could not start", timeout=60_000)
    host.replies.clear()
    booth.error.get_by_role("button", name="Try again").click()
    booth.ready()


LOSE = """
const contexts = [];
const getContext = OffscreenCanvas.prototype.getContext;
OffscreenCanvas.prototype.getContext = function (...args) {
  const context = getContext.apply(this, args);
  if (args[0] === 'webgl2') contexts.push(context);
  return context;
};
globalThis.loseContext = () => contexts.at(-1).getExtension('WEBGL_lose_context').loseContext();
globalThis.contexts = contexts;
"""


ASK_ALL_THE_TIME = """() => {
  globalThis.refused = '';
  const ask = () => glassbooth.engine.stats().then(ask, (error) => { refused = error.message; });
  ask();
}"""


def test_a_lost_context_is_followed_by_a_right_answer(
    open_booth: OpenBooth, host: StaticHost
) -> None:
    (worker,) = DIST.glob("engine-*/worker.js")
    host.replies["/worker.js"] = Reply(LOSE.encode() + worker.read_bytes(), type="text/javascript")
    booth = open_booth("?backend=webgl#/digits").ready()
    booth.draw(7)
    booth.reads(7)
    booth.page.evaluate(ASK_ALL_THE_TIME)
    for digit in (4, 2):  # it can happen more than once
        booth.page.workers[0].evaluate("loseContext()")
        booth.clear()
        booth.draw(digit)
        booth.reads(digit)
    assert booth.page.workers[0].evaluate("contexts.length") >= 3
    stats = booth.page.evaluate("glassbooth.engine.stats()")
    assert [model["backend"] for model in stats["models"]] == ["webgl"]
    assert stats["recoveries"] == 2
    assert booth.page.evaluate("refused") == ""
    expect(booth.error).to_be_hidden()


def test_an_engine_that_is_asked_how_it_is_brings_nothing_up(
    open_booth: OpenBooth, host: StaticHost
) -> None:
    page = open_booth("?backend=webgl#/digits", service_workers="block").ready().page
    for _ in range(2):
        stats = page.evaluate("glassbooth.engine.stats()")
    assert stats["threads"] == 0
    assert [path for path in host.requests if "tfjs-backend-wasm" in path] == []


MEMORY = """async (predictions) => {
  const button = document.querySelector('[data-testid=predict]');
  const announcement = document.getElementById('announcement');
  for (let i = 0; i < predictions; i++) {
    announcement.textContent = '';
    const said = new Promise((resolve) => new MutationObserver((_, observer) => {
      if (announcement.textContent) { observer.disconnect(); resolve(); }
    }).observe(announcement, { childList: true, characterData: true, subtree: true }));
    button.click();
    await said;
  }
  return glassbooth.engine.stats();
}"""


def test_an_engine_that_does_not_come_is_told_and_a_retry_works(
    open_booth: OpenBooth, host: StaticHost
) -> None:
    gone = Reply(b"gone", 404)
    host.replies = {"/worker.js": gone, "/engine.js": gone}
    booth = open_booth()
    expect(booth.error).to_contain_text("The engine could not be fetched", timeout=60_000)
    del host.replies["/engine.js"]  # without a worker it runs on the page
    booth.error.get_by_role("button", name="Try again").click()
    booth.ready()
    assert booth.page.workers == []
    booth.draw(5)
    booth.reads(5)


def test_a_thousand_predictions_leave_tensors_and_memory_as_they_were(page: Page) -> None:
    booth = BoothPage(page)
    booth.draw(8)
    booth.reads(8)
    session = page.context.new_cdp_session(page)

    def heap() -> float:
        session.send("HeapProfiler.collectGarbage")
        return float(session.send("Runtime.getHeapUsage")["usedSize"])

    before, heap_before = page.evaluate(MEMORY, 200), heap()
    after, heap_after = page.evaluate(MEMORY, 1000), heap()
    assert after["tensors"] == before["tensors"]
    assert after["bytes"] == before["bytes"]
    assert heap_after - heap_before < 500_000


def test_without_web_workers_the_page_still_answers(browser: Browser, host: StaticHost) -> None:
    context = browser.new_context()
    context.add_init_script("delete globalThis.OffscreenCanvas")
    page = context.new_page()
    page.goto(f"{host.url}#/digits")
    booth = BoothPage(page).ready()
    assert page.workers == []
    booth.draw(6)
    booth.reads(6)
    context.close()


def test_a_host_without_https_works_and_damage_is_still_noticed(
    browser: Browser, host: StaticHost
) -> None:
    page = browser.new_page()
    address = f"{host.url.replace('localhost', 'plain.test')}#/digits"
    page.goto(address)
    assert not page.evaluate("isSecureContext")
    booth = BoothPage(page).ready()
    booth.draw(6)
    booth.reads(6)

    host.replies[shard().name] = Reply(flipped())
    other = browser.new_page()  # of another visitor: nothing is cached
    other.goto(address)
    expect(BoothPage(other).error).to_contain_text(shard().name, timeout=60_000)
    page.close()
    other.close()


def test_a_browser_that_samples_its_heap_does_not_crash(
    playwright: Playwright, chromium: str | None, host: StaticHost
) -> None:
    """Chromium enables heap sampling for some users; its unwinder cannot walk Pyodide's stacks."""
    sampling = (
        "HeapProfilerReporting:stable-probability/1.0/nonstable-probability/1.0/sampling-rate/10000"
    )
    browser = playwright.chromium.launch(
        executable_path=chromium, args=[*FLAGS, f"--enable-features={sampling}"]
    )
    booth = BoothPage(browser.new_page())
    for _ in range(3):
        booth.page.goto(host.url + "#/digits")
        booth.ready()
        booth.draw(7)
        booth.reads(7)
        booth.page.goto("about:blank")
    browser.close()
