"""Page object of kiosk mode."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

TIMES = """(reason) => glassbooth.kiosk.heartbeat.recoveries
  .filter((it) => it.reason.includes(reason)).reduce((sum, { times }) => sum + times, 0)"""

RECOVERED = f"""([reason, before]) => globalThis.glassbooth && ({TIMES})(reason) > before
  // What is written down before a reload is seen by the page that is about to go, too.
  && !(globalThis.isOld && glassbooth.kiosk.heartbeat.recoveries.at(-1).remedy === 'reload')"""


@dataclass(frozen=True)
class KioskPage:
    """A page in kiosk mode."""

    page: Page

    def _phase(self, name: str, timeout: int = 60_000) -> None:
        expect(self.page.locator("html")).to_have_attribute("data-kiosk", name, timeout=timeout)

    def attracts(self) -> None:
        """Wait until the kiosk shows its attract loop."""
        self._phase("attract")

    def visits(self) -> None:
        """Wait until a visit has started."""
        self._phase("visit")

    def asks(self) -> None:
        """Wait until the kiosk asks whether the visitor is still there."""
        self._phase("asking")
        expect(self.page.get_by_test_id("kiosk-asking")).to_be_visible()

    def begin(self) -> None:
        """Touch the invitation once it is shown."""
        self.attracts()
        self.page.get_by_test_id("kiosk-begin").click()
        self.visits()

    @property
    def recoveries(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate("glassbooth.kiosk.heartbeat.recoveries")
        return found

    @contextmanager
    def recovers(self, reason: str = "") -> Iterator[None]:
        """Wait for a recovery for this reason after the body, and for the attract loop."""
        before = self.page.evaluate(TIMES, reason)
        self.page.evaluate("isOld = true")
        yield
        self.page.wait_for_function(RECOVERED, arg=[reason, before], timeout=150_000)
        expect(self.page.locator("body")).to_have_attribute("data-state", "ready", timeout=60_000)
        self.attracts()
