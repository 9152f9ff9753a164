"""Pages that stay open and take turns in one browser: Glassbooth's, and its peers'."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, Playwright, expect

from bench.host import Host
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
    browser: Browser, host: Host, exhibit: str, isolated: bool = False, driver: str = ""
) -> Page:
    """Open Glassbooth on WebAssembly in a profile of its own, and wait until it is ready.

    Args:
        browser: Where.
        host: Of the site.
        exhibit: The page in view.
        isolated: Whether it is a second visit, which computes on threads; else one without a
            service worker, which never does.
        driver: A script that is put into it first.
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
    """Put a hook into Glassbooth's Python."""
    page.evaluate(IN_SITE)
    page.wait_for_function("globalThis.python", timeout=PATIENCE_MS)
    return page


def open_peer(browser: Browser, host: Host, path: str, threads: int = 1) -> Page:
    """Open a page of a peer in a profile of its own, isolated where it is to have threads."""
    page = browser.new_context().new_page()
    start = host.isolated[0].lstrip("/") if threads > 1 else ""
    page.goto(f"{host.url}{start}{path}?threads={threads}")
    return page


def threads(page: Page) -> int:
    """Return on how many threads Glassbooth computes on WebAssembly."""
    return int(page.evaluate("glassbooth.engine.stats().then(({ threads }) => threads)"))
