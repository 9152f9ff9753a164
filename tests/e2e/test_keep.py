"""Large networks: loaded on demand or when idle, and kept offline on request."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.booth import BoothPage, PhotoPage
from tests.e2e.conftest import DIST, OpenBooth
from tests.e2e.photographs import encode, sample
from tests.e2e.server import StaticHost
from tests.e2e.test_offline import new_version

Profile = Callable[..., BrowserContext]


def open_detector(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(f"{address}?backend=wasm#/detect")
    BoothPage(page).ready()
    expect(page.locator("#keep button")).to_be_enabled(timeout=60_000)
    return page


SLOW = """() => {
  const open = caches.open.bind(caches);
  const looking = new Promise((resolve) => { globalThis.look = resolve; });
  caches.open = async (name) => { await looking; return open(name); };
  location.hash = '#/detect';
}"""


def test_until_it_is_known_whether_it_is_kept_nothing_is_offered(open_booth: OpenBooth) -> None:
    page = open_booth("?backend=wasm#/").ready().page
    page.evaluate(SLOW)
    booth = PhotoPage(page)
    booth.give(encode(sample("motorcycle")))
    assert booth.answered()
    expect(page.get_by_test_id("keep")).to_be_hidden()
    page.evaluate("look()")
    expect(page.get_by_test_id("keep")).to_contain_text("Its network")


def test_a_network_is_kept_on_a_tap_and_removed_on_another(
    profile: Profile, tmp_path: Path
) -> None:
    with StaticHost(DIST) as host:
        context = profile()
        page = open_detector(context, host.url)
        BoothPage(page).kept()
        line, button = page.get_by_test_id("keep"), page.locator("#keep button")
        expect(line).to_have_text(re.compile(r"Its network: \d\.\d MBKeep for offline use"))
        button.click()
        expect(line).to_contain_text("Kept for offline use: ")

        host.folder = new_version(tmp_path / "next")  # which has the same networks
        page.evaluate("navigator.serviceWorker.ready.then((it) => it.update())")
        page.get_by_test_id("update").get_by_role("button", name="Change now").click()
        expect(page.get_by_test_id("update")).to_be_hidden(timeout=60_000)
        BoothPage(page).ready().kept()
        expect(line).to_contain_text("Kept for offline use", timeout=60_000)
        url = host.url
        context.close()

    context = profile()  # the host is gone, and so is every HTTP cache
    shutil.rmtree(tmp_path / "profile/Default/Cache", ignore_errors=True)
    context.set_offline(True)
    page = open_detector(context, url)
    booth = PhotoPage(page)
    booth.give(encode(sample("motorcycle")))
    assert booth.answered()[0]["class"] == "motorcycle"
    page.locator("#keep button").click()
    expect(page.locator("#keep button")).to_have_text("Keep for offline use")
    left = page.evaluate(
        "caches.open(`glassbooth-kept-${new URL('./', location).href}`)"
        ".then((cache) => cache.keys()).then((keys) => keys.length)"
    )
    assert left == 0
    context.close()


def test_a_network_that_cannot_be_kept_is_told_and_nothing_is_left(
    open_booth: OpenBooth,
) -> None:
    page = open_booth("?backend=wasm#/detect", service_workers="block").ready().page
    button = page.locator("#keep button")
    expect(button).to_be_enabled(timeout=60_000)
    shards = "**/nanodet-*.bin"
    page.route(shards, lambda route: route.fulfill(status=404))
    button.click()
    expect(BoothPage(page).error).to_contain_text("missing on the host")
    expect(button).to_have_text("Keep for offline use")
    page.unroute(shards)
    BoothPage(page).error.get_by_role("button", name="Try again").click()
    expect(button).to_have_text("Remove")


def test_networks_come_when_nobody_is_at_work(open_booth: OpenBooth) -> None:
    page = open_booth("?backend=wasm#/digits").ready().page
    wanted = page.evaluate("glassbooth.site.exhibits.flatMap(({ models }) => models.slice(0, 1))")
    assert "nanodet" in wanted
    page.wait_for_function(
        """(wanted) => glassbooth.engine.stats().then(({ models }) => (
            wanted.every((name) => models.some((model) => model.name === name))))""",
        arg=wanted,
        timeout=90_000,
        polling=15_000,  # asking is work, too
    )
