"""A booth that is left alone, visitors, and everything that can go wrong.

A shortened one is among the tests. The whole one runs on demand, here for an hour:

    python build.py
    GLASSBOOTH_CHROMIUM=/usr/bin/chromium python -m tests.e2e.soak --minutes 60
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, expect, sync_playwright

from tests.e2e.booth import Booth
from tests.e2e.conftest import DIST, FLAGS, watched
from tests.e2e.kiosk import Kiosk
from tests.e2e.server import Host, Reply
from tests.e2e.test_faults import LOSE

ADDRESS = "?backend=webgl&kiosk=digits&idle=3&ask=2&patience=6"

PREPARED = """
// Python's loop lives from timeouts; the page's own watchdog does not.
const later = globalThis.setTimeout;
globalThis.setTimeout = (act, ...rest) => (
  later((...all) => { if (!globalThis.frozen) act(...all); }, ...rest));
"""

DEFECT = """() => {
  const { prototype } = CanvasRenderingContext2D;
  const read = prototype.getImageData;
  prototype.getImageData = () => {
    prototype.getImageData = read;
    throw new TypeError('made up by the test');
  };
}"""

FULL = """() => {
  const { prototype } = Storage;
  const write = prototype.setItem;
  prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };
  globalThis.makeRoom = () => { prototype.setItem = write; };
}"""

HELD = """async () => {
  for (;;) {
    const stats = await glassbooth.engine.stats();
    if (stats.models.length) return stats; // else the engine was just built anew
  }
}"""

SEEN = """async () => {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const [main, notice] = [document.querySelector('main'), document.getElementById('error')];
  const values = [...main.querySelectorAll('input, select')].map((it) => [it.id, it.value]);
  const drawn = [...main.querySelectorAll('.booth canvas')].map((it) => it.toDataURL());
  const kept = Object.keys(localStorage).filter((key) => !key.startsWith('glassbooth:kiosk:'));
  return { text: main.innerText, values, drawn, kept: kept.sort(), title: document.title,
    address: location.href, scrolled: scrollY, notice: notice.hidden ? '' : notice.innerText };
}"""


@dataclass
class Soak:
    """One booth of the drawing exhibit, its visitors, and what they found."""

    page: Page
    seen: list[Any] = field(default_factory=list)

    @property
    def kiosk(self) -> Kiosk:
        """The page, in its visitors' terms."""
        return Kiosk(self.page)

    def visit(self, digit: int, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Come, look, draw something, and leave without a word."""
        booth = Booth(self.page)
        self.kiosk.begin()
        expect(booth.answer).to_have_text("")
        self.seen.append(self.page.evaluate(SEEN))
        booth.draw(digit)
        booth.reads(digit)
        meanwhile()
        self.kiosk.attracts()

    @property
    def strange(self) -> dict[str, Any]:
        """What some visitor saw that the first one did not."""
        return {
            f"{name}, visit {visit}": (first, seen[name])
            for visit, seen in enumerate(self.seen)
            for name, first in self.seen[0].items()
            if seen[name] != first
        }

    def lose_context(self) -> None:
        """Take the graphics away; the engine helps itself, or is rebuilt if that takes too long."""
        with self.kiosk.recovers():
            self.page.workers[0].evaluate("loseContext()")

    def kill_worker(self) -> None:
        """End the engine, without a word to anybody."""
        with self.kiosk.recovers("The engine does not answer"):
            self.page.workers[0].evaluate("setTimeout(close)")

    def raise_in_exhibit(self) -> None:
        """Let the exhibit stumble once, over something that nobody has thought of."""
        with self.kiosk.recovers("A defect"):
            self.page.evaluate(DEFECT)

    def fill_storage(self) -> None:
        """Leave no room for a while: visitors are counted, recoveries written all the same."""
        self.page.evaluate(FULL)
        self.raise_in_exhibit()
        self.page.evaluate("makeRoom()")

    def freeze_python(self) -> None:
        """Let Python's loop stand still, for good."""
        with self.kiosk.recovers("Python stood still"):
            self.page.evaluate("frozen = true")

    def memory(self) -> tuple[int, int, float]:
        """Return tensors, their bytes, and bytes of the page's own heap, between two visits."""
        self.kiosk.attracts()
        stats = self.page.evaluate(HELD)
        session = self.page.context.new_cdp_session(self.page)
        session.send("HeapProfiler.collectGarbage")
        heap = float(session.send("Runtime.getHeapUsage")["usedSize"])
        session.detach()
        return int(stats["tensors"]), int(stats["bytes"]), heap


def prepare(host: Host, page: Page) -> Soak:
    """Open the booth, with all that is needed to break it."""
    (worker,) = DIST.glob("engine-*/worker.js")
    host.replies["/worker.js"] = Reply(LOSE.encode() + worker.read_bytes(), type="text/javascript")
    page.add_init_script(PREPARED)
    page.goto(host.url + ADDRESS)
    Booth(page).ready()
    return Soak(page)


def faults(soak: Soak) -> list[Callable[[], None]]:
    """List what can go wrong, the harmless first: what reloads the page comes last."""
    return [
        soak.lose_context,
        soak.raise_in_exhibit,
        soak.kill_worker,
        soak.fill_storage,
        soak.freeze_python,
    ]


def run(soak: Soak, minutes: float) -> None:
    """Let visitors come until the time is over, one fault with every third of them."""
    until, visits, chance = time.monotonic() + minutes * 60, 0, random.Random(5)
    soak.visit(7)
    before = soak.memory()
    while time.monotonic() < until:
        visits += 1
        fault = chance.choice(faults(soak)) if visits % 3 == 0 else None
        soak.visit(chance.choice([2, 3, 4, 5, 7]), fault or (lambda: None))
        tensors, held, heap = soak.memory()
        what = fault.__name__ if fault else "a visit"
        _say(f"{visits:5} {what:18} {tensors} tensors, {held} bytes, heap {heap / 1e6:.1f} MB")
        assert soak.strange == {}, soak.strange
        assert (tensors, held) == before[:2], (before, tensors, held)
    told = [(each["remedy"], each["reason"], each["times"]) for each in soak.kiosk.recoveries]
    _say(f"{visits} visits, {sum(times for *_, times in told)} recoveries; all saw the same")


def _say(text: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    minutes = parser.parse_args().minutes
    with sync_playwright() as playwright, Host(DIST) as host:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("GLASSBOOTH_CHROMIUM"), args=FLAGS
        )
        context = browser.new_context()
        with watched(context, host.origin):
            run(prepare(host, context.new_page()), minutes)
        browser.close()


if __name__ == "__main__":
    main()
