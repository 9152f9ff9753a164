"""Fixtures: the app in one tab and a front end in another, shared by all tests here."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.api.front_end import FrontEnd
from tests.e2e.booth import BoothPage
from tests.e2e.conftest import DIST, watched
from tests.e2e.server import Reply, StaticHost

PAGE = Reply(b"<!doctype html><title>A page</title>", type="text/html")


@pytest.fixture(scope="package")
def site() -> Iterator[StaticHost]:
    replies = {"/front-end.html": PAGE, "/neighbor/": PAGE}
    with StaticHost(DIST, "/the-site/", replies=replies) as host:
        yield host


@pytest.fixture(scope="package")
def visitor(browser: Browser, site: StaticHost) -> Iterator[BrowserContext]:
    """A browser context with the app open in one tab, completely precached."""
    context = browser.new_context()
    with watched(context, site.origin):
        page = context.new_page()
        page.goto(f"{site.url}?backend=wasm#/digits")
        BoothPage(page).ready().kept()
        yield context
    context.close()


@pytest.fixture(scope="package")
def front_end(visitor: BrowserContext, site: StaticHost) -> FrontEnd:
    page = visitor.new_page()
    page.goto(f"{site.url}front-end.html")
    return FrontEnd(page)


@pytest.fixture
def app(visitor: BrowserContext, site: StaticHost) -> Page:
    """The app's page."""
    found = [page for page in visitor.pages if "front-end" not in page.url]
    page = found[0] if found else visitor.new_page()
    if not found:
        page.goto(f"{site.url}?backend=wasm#/digits")
        BoothPage(page).ready()
    return page
