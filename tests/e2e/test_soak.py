"""Short soak test: each fault once, after which visitors see the initial state again."""

from playwright.sync_api import Browser, Playwright

from glassbooth.dev.browsing import NO_GRAPHICS
from tests.e2e.conftest import watched
from tests.e2e.server import StaticHost
from tests.e2e.soak import MORE_HEAP
from tests.e2e.visitors import Dancers, Drawers

VISITORS = "localStorage['glassbooth:kiosk:visitors']"


def test_every_fault_is_recovered_and_nothing_stays(browser: Browser, host: StaticHost) -> None:
    context = browser.new_context()
    with watched(context, host.origin):
        drawers = Drawers(context.new_page())
        drawers.open(host)
        drawers.visit(7)
        before = drawers.memory()
        drawers.visit(4, drawers.lose_context)
        drawers.visit(5, drawers.raise_in_exhibit)
        drawers.visit(2, drawers.kill_worker)
        drawers.visit(3)
        after = drawers.memory()
        assert (after.tensors, after.bytes) == (before.tensors, before.bytes)
        assert after.heap - before.heap < MORE_HEAP
        drawers.visit(7, drawers.freeze_python)
        drawers.visit(7, drawers.fill_storage)
        drawers.visit(7)
        assert drawers.strange == {}
        assert drawers.page.evaluate(VISITORS) == "8"
    context.close()


def test_a_camera_that_fails_and_a_full_storage_are_recovered(
    playwright: Playwright, chromium: str | None, host: StaticHost
) -> None:
    flags = [*NO_GRAPHICS, "--use-fake-device-for-media-stream"]
    browser = playwright.chromium.launch(executable_path=chromium, args=flags)
    context = browser.new_context(permissions=["camera"])
    with watched(context, host.origin):
        dancers = Dancers(context.new_page())
        dancers.open(host)
        dancers.visit(dancers.fill_storage, touches=True)
        dancers.visit(dancers.unplug_camera)
        dancers.visit(dancers.darken_camera)
        dancers.visit(stays=True)
        dancers.visit(touches=True)
        assert dancers.strange == {}
        assert dancers.page.evaluate(VISITORS) == "6"
    browser.close()
