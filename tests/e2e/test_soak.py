"""The soak test, shortened: each fault once, and the last visitor sees what the first one saw."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.e2e.booth import Booth
from tests.e2e.conftest import watched, with_camera
from tests.e2e.kiosk import Kiosk
from tests.e2e.mannequin import film
from tests.e2e.server import Host
from tests.e2e.soak import prepare


def test_every_fault_is_recovered_and_nothing_stays(browser: Browser, host: Host) -> None:
    context = browser.new_context()
    with watched(context, host.origin):
        soak = prepare(host, context.new_page())
        soak.visit(7)
        before = soak.memory()
        soak.visit(4, soak.lose_context)
        soak.visit(5, soak.raise_in_exhibit)
        soak.visit(2, soak.kill_worker)
        soak.visit(3)
        after = soak.memory()
        assert after[:2] == before[:2]
        assert after[2] - before[2] < 3e6
        soak.visit(7, soak.freeze_python)
        soak.visit(7, soak.fill_storage)
        soak.visit(7)
        assert soak.strange == {}
        assert soak.page.evaluate("localStorage['glassbooth:kiosk:visitors']") == "8"
    context.close()


@pytest.fixture(scope="module")
def filming(
    playwright: Playwright, chromium: str | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A browser whose camera shows somebody who raises their hands, and dances."""
    path = tmp_path_factory.mktemp("camera") / "film.mjpeg"
    path.write_bytes(film(30))
    with with_camera(playwright, chromium, path) as browser:
        yield browser


FORMER = """() => new Promise((resolve) => {
  indexedDB.open('glassbooth-dances').onsuccess = ({ target: { result: database } }) => {
    const dance = { video: new Blob(['x']), poses: '', style: 'Somebody', at: 0 };
    const change = database.transaction('dances', 'readwrite');
    change.objectStore('dances').add(dance);
    change.oncomplete = () => { database.close(); resolve(); };
  };
})"""

END = """() => {
  const [track] = document.getElementById('dance-video').srcObject.getVideoTracks();
  track.stop();
  track.dispatchEvent(new Event('ended'));
}"""

DARKEN = """() => {
  const { prototype } = CanvasRenderingContext2D;
  const read = prototype.getImageData;
  prototype.getImageData = function (...where) {
    const image = read.apply(this, where);
    image.data.fill(0);
    return image;
  };
  globalThis.lighten = () => { prototype.getImageData = read; };
}"""


def test_a_camera_that_fails_and_a_full_storage_are_recovered(filming: Browser, host: Host) -> None:
    context = filming.new_context(permissions=["camera"])
    with watched(context, host.origin):
        page = context.new_page()
        page.goto(f"{host.url}?backend=wasm&kiosk=dance&idle=5&ask=5&patience=8")
        Booth(page).ready()
        kiosk, dances = Kiosk(page), page.get_by_test_id("dances").get_by_role("listitem")
        kiosk.visits()  # the camera sees somebody
        page.evaluate(FORMER)
        with full_storage(page, host.origin):
            expect(page.get_by_test_id("error")).to_contain_text("storage is full", timeout=90_000)
        with kiosk.recovers("The camera stopped"):
            page.evaluate(END)
        expect(page.get_by_test_id("error")).to_be_hidden()
        kiosk.visits()  # it was asked for again
        expect(dances).to_have_count(0)  # of whoever was there before
        with kiosk.recovers("The camera's picture is black"):
            page.evaluate(DARKEN)
        page.evaluate("lighten()")
        kiosk.visits()
    context.close()


@contextmanager
def full_storage(page: Page, origin: str) -> Iterator[None]:
    """Leave the site no room for anything more."""
    session = page.context.new_cdp_session(page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})
    yield
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin})
    session.detach()
