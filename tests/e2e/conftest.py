"""Chromium, a host for `dist/`, and pages that are watched: nothing leaves the origin, and the
content security policy holds, in every test."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from glassbooth.dev.browsing import FLAGS, NO_GRAPHICS
from tests.e2e.booth import BoothPage, PhotoPage
from tests.e2e.server import StaticHost

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
WATCH_POLICY = """addEventListener('securitypolicyviolation', (event) => console.error(
    `policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));"""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as instance:
        yield instance


@pytest.fixture(scope="session")
def chromium() -> str | None:
    """Path of the browser; `None` for Playwright's own."""
    return os.environ.get("GLASSBOOTH_CHROMIUM")


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str | None) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield browser
    browser.close()


@contextmanager
def with_camera(playwright: Playwright, chromium: str | None, film: Path) -> Iterator[Browser]:
    """A browser whose fake camera loops a film."""
    camera = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    browser = playwright.chromium.launch(executable_path=chromium, args=[*NO_GRAPHICS, *camera])
    yield browser
    browser.close()


@pytest.fixture
def host() -> Iterator[StaticHost]:
    """A host with the built site at its root."""
    with StaticHost(DIST) as host:
        yield host


@contextmanager
def watched(context: BrowserContext, origin: str) -> Iterator[None]:
    """Fail if a context requests another origin, violates the security policy, or raises."""
    problems: list[str] = []
    context.add_init_script(WATCH_POLICY)

    def see_request(request: Any) -> None:
        if not request.url.startswith((origin, "blob:", "data:")):
            problems.append(f"left the origin: {request.url}")

    def see_console(message: Any) -> None:
        if "policy" in message.text.lower():
            problems.append(message.text)

    context.on("request", see_request)
    context.on("console", see_console)
    context.on("weberror", lambda error: problems.append(f"raised: {error.error}"))
    yield
    assert problems == []


def reads_offline(context: BrowserContext, origin: str, url: str, digit: int) -> None:
    """Without host and network, open a site that was kept, and have it read a drawn digit."""
    with watched(context, origin):
        context.set_offline(True)
        page = context.new_page()
        page.goto(f"{url}#/digits")
        booth = BoothPage(page).ready()
        booth.draw(digit)
        booth.reads(digit)
    context.close()


@contextmanager
def open_photos(browser: Browser, exhibit: str) -> Iterator[PhotoPage]:
    """Open an exhibit for photographs, on WebAssembly, for several tests in a row."""
    with StaticHost(DIST) as host:
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        with watched(context, host.origin):
            page = context.new_page()
            page.goto(f"{host.url}?backend=wasm#/{exhibit}")
            BoothPage(page).ready()
            yield PhotoPage(page)
        context.close()


OpenBooth = Callable[..., BoothPage]


@pytest.fixture
def open_booth(browser: Browser, host: StaticHost) -> Iterator[OpenBooth]:
    """Open a page of the site, in a fresh profile; options are those of Playwright's contexts."""
    watches = []

    def open_page(address: str = "#/digits", **options: Any) -> BoothPage:
        context = browser.new_context(**options)
        watch = watched(context, host.origin)
        watch.__enter__()
        watches.append((watch, context))
        page = context.new_page()
        page.goto(host.url + address)
        return BoothPage(page)

    yield open_page
    for watch, context in watches:
        watch.__exit__(None, None, None)
        context.close()


@pytest.fixture
def profile(
    playwright: Playwright, chromium: str | None, tmp_path: Path
) -> Callable[..., BrowserContext]:
    """Return a function that starts a browser on a persistent profile."""

    def start(**options: Any) -> BrowserContext:
        return playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium, args=FLAGS, **options
        )

    return start


@pytest.fixture
def page(open_booth: OpenBooth) -> Page:
    """The digits page, loaded."""
    return open_booth().ready().page
