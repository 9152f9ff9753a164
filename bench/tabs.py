"""Pages of Glassbooth and its peers that stay open in one browser and take turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, Playwright, expect

from bench.host import BenchHost
from bench.visits import PATIENCE_MS, QUIET
from glassbooth.dev.browser import find_chromium
from glassbooth.dev.browsing import wait_until_ready

IN_SITE = """() => {
  const script = document.createElement('script');
  Object.assign(script, { type: 'py', src: '/peers/in_site.py' });
  document.body.append(script);
}"""


@contextmanager
def started(playwright: Playwright, more: Sequence[str] = ()) -> Iterator[Browser]:
    """Start a browser."""
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*QUIET, *more])
    try:
        yield browser
    finally:
        browser.close()


def open_site(
    browser: Browser, host: BenchHost, exhibit: str, isolated: bool = False, driver: str = ""
) -> Page:
    """Open Glassbooth on WebAssembly in its own profile, and wait until it is ready.

    Args:
        browser: Browser.
        host: Host of the site.
        exhibit: Exhibit to open.
        isolated: Whether it is a second visit, which uses threads; otherwise there is no service
            worker and no threads.
        driver: Script that is injected first.
    """
    context = browser.new_context(service_workers="allow" if isolated else "block")
    page = context.new_page()
    if isolated:
        page.goto(f"{host.url}?backend=wasm#/{exhibit}")
        expect(page.get_by_test_id("offline")).to_be_visible(timeout=PATIENCE_MS)
    if driver:
        page.add_init_script(driver)
    if isolated:
        page.reload()
    else:
        page.goto(f"{host.url}?backend=wasm#/{exhibit}")
    wait_until_ready(page)
    return page


def with_python(page: Page) -> Page:
    """Inject a hook into Glassbooth's Python."""
    page.evaluate(IN_SITE)
    page.wait_for_function("globalThis.python", timeout=PATIENCE_MS)
    return page


def open_peer(browser: Browser, host: BenchHost, path: str, threads: int = 1) -> Page:
    """Open a page of a peer in its own profile, cross-origin isolated if it needs threads."""
    page = browser.new_context().new_page()
    start = host.isolated[0].lstrip("/") if threads > 1 else ""
    page.goto(f"{host.url}{start}{path}?threads={threads}")
    return page


def threads(page: Page) -> int:
    """Return the number of threads that Glassbooth uses on WebAssembly."""
    return int(page.evaluate("glassbooth.engine.stats().then(({ threads }) => threads)"))
