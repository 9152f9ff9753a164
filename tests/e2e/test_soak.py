"""The soak test, shortened: each fault once, and the last visitor sees what the first one saw."""

from playwright.sync_api import Browser

from tests.e2e.conftest import watched
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
