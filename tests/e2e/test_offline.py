"""The loaded site works offline, and updates only with the visitor's consent."""

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.booth import BoothPage
from tests.e2e.conftest import DIST, reads_offline, watched
from tests.e2e.server import Reply, StaticHost

Profile = Callable[..., BrowserContext]


@pytest.mark.parametrize("path", ["/", "/some/sub/path/"])
def test_airplane_mode_after_the_browser_was_closed(profile: Profile, path: str) -> None:
    with StaticHost(DIST, path) as host:
        context = profile()
        with watched(context, host.origin):
            page = context.new_page()
            page.goto(f"{host.url}#/digits")
            BoothPage(page).ready().kept()
        context.close()
        origin, url = host.origin, host.url

    reads_offline(profile(), origin, url, 7)


def test_the_site_never_touches_caches_of_others(profile: Profile) -> None:
    with StaticHost(DIST) as host:
        context = profile()
        page = context.new_page()
        page.goto(f"{host.url}manifest.webmanifest")
        page.evaluate(
            "caches.open('neighbour').then((cache) => cache.put('/x', new Response('x')))"
        )
        page.goto(host.url)
        BoothPage(page).ready().kept()
        names = page.evaluate("caches.keys()")
        assert "neighbour" in names
        own = {name for name in names if name.startswith("glassbooth-")}
        assert own == set(names) - {"neighbour"}
        assert all(host.url in name for name in own)
        assert page.evaluate("caches.match('/x').then((response) => response.text())") == "x"
        context.close()


def test_a_new_version_waits_until_the_visitor_agrees(profile: Profile, tmp_path: Path) -> None:
    with StaticHost(DIST) as host:
        context = profile()
        page = first_visit(context, host)

        host.folder = new_version(tmp_path / "next")
        update = page.get_by_test_id("update")
        look_for_update(page)
        expect(update).to_be_visible(timeout=30_000)
        page.locator("#update-later").click()
        page.reload()
        BoothPage(page).ready()
        expect(page).to_have_title("Glassbooth")
        expect(update).to_be_visible()
        context.close()

        context = profile()  # a restart is no consent either
        page = context.new_page()
        page.goto(host.url)
        BoothPage(page).ready()
        expect(page.locator("#gallery-title")).to_have_text(re.compile("Neural networks"))
        page.get_by_test_id("update").get_by_role("button", name="Change now").click()
        expect(page.locator("#gallery-title")).to_have_text("The next version")
        BoothPage(page).ready().kept()
        expect(page.get_by_test_id("update")).to_be_hidden()
        context.close()


@pytest.mark.parametrize(
    ("broken", "reply"),
    [
        ("/index.html", None),
        ("/boot.js", Reply(b"not here", 404)),
        ("/boot.js", Reply(b"<!doctype html><title>Welcome</title>", type="text/html")),
        ("/boot.js", Reply(None)),
    ],
    ids=["old page", "file missing", "web page instead of a file", "connection broken"],
)
def test_a_deploy_that_broke_off_leaves_the_old_version_working(
    profile: Profile, tmp_path: Path, broken: str, reply: Reply | None
) -> None:
    with StaticHost(DIST) as host:
        context = profile()
        page = first_visit(context, host)

        host.folder = new_version(tmp_path / "next")
        old_page = Reply((DIST / "index.html").read_bytes(), type="text/html")
        host.replies = {broken: reply or old_page}
        look_for_update(page)
        expect(page.get_by_test_id("offline-failed")).to_be_visible(timeout=30_000)
        page.goto(f"{host.url}#/digits")
        page.reload()
        booth = BoothPage(page).ready()
        expect(page.get_by_test_id("update")).to_be_hidden()
        booth.draw(3)
        booth.reads(3)
        context.close()


def test_full_storage_is_said_and_the_site_works_on(profile: Profile) -> None:
    with StaticHost(DIST) as host:
        context = profile()
        page = context.new_page()
        session = context.new_cdp_session(page)
        quota = {"origin": host.origin, "quotaSize": 2_000_000}
        session.send("Storage.overrideQuotaForOrigin", quota)
        page.goto(f"{host.url}#/digits")
        booth = BoothPage(page).ready()
        expect(page.get_by_test_id("offline-failed")).to_contain_text("no room", timeout=30_000)
        booth.draw(2)
        booth.reads(2)

        session.send("Storage.overrideQuotaForOrigin", {"origin": host.origin})
        page.get_by_test_id("offline-failed").get_by_role("button", name="Try again").click()
        booth.kept()
        expect(page.get_by_test_id("offline-failed")).to_be_hidden()
        context.close()


def first_visit(context: BrowserContext, host: StaticHost) -> Page:
    """Open the site and wait until it is precached."""
    page = context.new_page()
    page.goto(host.url)
    BoothPage(page).ready().kept()
    return page


def look_for_update(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then((it) => it.update()).catch(() => {})")


def new_version(folder: Path) -> Path:
    """Write a site that differs from `dist/` in its heading and the name of the app folder."""
    shutil.copytree(DIST, folder)
    page = (folder / "index.html").read_text()
    match = re.search(r'id="site">(.*?)</script>', page)
    assert match
    site = json.loads(match[1])
    app, version = site["app"].rstrip("/"), site["version"]
    (folder / app).rename(folder / "app-of-the-next-version")
    worker = (folder / "sw.js").read_text()
    before = page
    page = re.sub(r"Neural networks,<br>under glass\.", "The next version", page)
    page = page.replace(version, "next").replace(app, "app-of-the-next-version")
    assert "The next version" in page
    (folder / "index.html").write_text(page)
    worker = worker.replace(_integrity(before), _integrity(page)).replace(version, "next")
    worker = re.sub(r'("?url"?:"index\.html","?revision"?:")[^"]+', r"\1next", worker)
    manifest = (folder / "manifest.webmanifest").read_text()
    moved = manifest.replace(app, "app-of-the-next-version")
    (folder / "manifest.webmanifest").write_text(moved)
    worker = worker.replace(_integrity(manifest), _integrity(moved))
    worker = re.sub(r'("?url"?:"manifest\.webmanifest","?revision"?:")[^"]+', r"\1next", worker)
    (folder / "sw.js").write_text(worker.replace(app, "app-of-the-next-version"))
    return folder


def _integrity(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
