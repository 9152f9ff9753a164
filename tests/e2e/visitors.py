"""Strangers before a booth that nobody minds, what they see, and what can go wrong meanwhile."""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from playwright.sync_api import Error, Page, expect

from tests.e2e.booth import Booth
from tests.e2e.conftest import DIST
from tests.e2e.kiosk import Kiosk
from tests.e2e.scenes import Camera
from tests.e2e.server import Host, Reply
from tests.e2e.test_faults import LOSE

Fault = Callable[[], None]

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
  prototype.setItem = function (...entry) {
    if (this === localStorage) throw new DOMException('', 'QuotaExceededError');
    return write.apply(this, entry);
  };
  globalThis.makeRoom = () => { prototype.setItem = write; };
}"""

HELD = """async (name) => {
  for (;;) {
    // Just when the engine is built anew, it does not answer, or has no networks yet.
    const stats = await glassbooth.engine.stats().catch(() => undefined);
    if (stats?.models.some((model) => model.name === name)) return stats;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}"""

SEEN = """async () => {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const main = document.querySelector('main');
  const text = main.innerText.replace(/\\d+ a second/, '');
  const values = [...main.querySelectorAll('input, select')].map((it) => [it.id, it.value]);
  const chosen = [...main.querySelectorAll('[aria-pressed=true]')].map((it) => it.textContent);
  const drawn = [...main.querySelectorAll('#digit-canvas')].map((it) => it.toDataURL());
  const kept = Object.keys(localStorage).filter((key) => !key.startsWith('glassbooth:kiosk:'));
  const error = document.getElementById('error');
  return { text, values, chosen, drawn, kept: kept.sort(), title: document.title,
    address: location.href, scrolled: scrollY, notice: error.hidden ? '' : error.innerText };
}"""

DANCES = """() => new Promise((resolve) => {
  indexedDB.open('glassbooth-dances').onsuccess = ({ target: { result: database } }) => {
    const asked = database.transaction('dances').objectStore('dances').count();
    asked.onsuccess = () => { database.close(); resolve(asked.result); };
  };
})"""


@dataclass(frozen=True)
class Memory:
    """What is held between two visits: the networks, their tensors and bytes, the page's heap."""

    networks: tuple[str, ...]
    tensors: int
    bytes: int
    heap: float


@dataclass
class Visitors(ABC):
    """One booth, its visitors, and what they found."""

    page: Page
    seen: list[Any] = field(default_factory=list)

    address: ClassVar[str]
    network: ClassVar[str]

    @abstractmethod
    def prepare(self, host: Host) -> None:
        """Before the page is opened, get ready to break it."""

    @abstractmethod
    def come(self, chance: random.Random, meanwhile: Fault | None) -> None:
        """Visit, in one of the ways that people do."""

    @abstractmethod
    def faults(self) -> list[Fault]:
        """List what can go wrong."""

    @property
    def kiosk(self) -> Kiosk:
        """The page, in its visitors' terms."""
        return Kiosk(self.page)

    def open(self, host: Host) -> None:
        """Open the booth, with all that is needed to break it."""
        self.page.add_init_script(PREPARED)
        self.prepare(host)
        self.page.goto(host.url + self.address)
        Booth(self.page).ready()

    def look(self) -> None:
        """Take note of what a visitor sees who has just come."""
        self.seen.append(self.page.evaluate(SEEN))

    @property
    def strange(self) -> dict[str, Any]:
        """What some visitor saw that the first one did not."""
        return {
            f"{name}, visit {visit}": (first, seen[name])
            for visit, seen in enumerate(self.seen)
            for name, first in self.seen[0].items()
            if seen[name] != first
        }

    @contextmanager
    def recovers(self, reason: str = "") -> Iterator[None]:
        """Wait until what is done within is recovered, and the booth invites again."""
        with self.kiosk.recovers(reason):
            yield

    def kill_worker(self) -> None:
        """End the engine, without a word to anybody."""
        with self.recovers("The engine does not answer"):
            self.page.workers[0].evaluate("setTimeout(close)")

    def raise_in_exhibit(self) -> None:
        """Let the exhibit stumble once, over something that nobody has thought of."""
        with self.recovers("A defect"):
            self.page.evaluate(DEFECT)

    def freeze_python(self) -> None:
        """Let Python's loop stand still, for good."""
        with self.recovers("Python stood still"):
            self.page.evaluate("frozen = true")

    def memory(self) -> Memory:
        """Measure, between two visits."""
        stats = self._held()
        session = self.page.context.new_cdp_session(self.page)
        session.send("HeapProfiler.collectGarbage")
        heap = float(session.send("Runtime.getHeapUsage")["usedSize"])
        session.detach()
        networks = tuple(sorted(str(model["name"]) for model in stats["models"]))
        return Memory(networks, int(stats["tensors"]), int(stats["bytes"]), heap)

    def _held(self) -> dict[str, Any]:
        """Ask the engine, once more where the watchdog has just loaded the page again."""
        self.kiosk.attracts()
        try:
            return dict(self.page.evaluate(HELD, self.network))
        except Error as error:
            if "Execution context was destroyed" not in error.message:
                raise
            return self._held()


@dataclass
class Drawers(Visitors):
    """They draw a digit each."""

    address = "?backend=webgl&kiosk=digits&idle=3&ask=2&patience=6"
    network = "digits"

    def prepare(self, host: Host) -> None:
        (worker,) = DIST.glob("engine-*/worker.js")
        script = LOSE.encode() + worker.read_bytes()
        host.replies["/worker.js"] = Reply(script, type="text/javascript")

    def come(self, chance: random.Random, meanwhile: Fault | None) -> None:
        self.visit(chance.choice([2, 3, 4, 5, 7]), meanwhile)

    def visit(self, digit: int, meanwhile: Fault | None = None) -> None:
        """Come, look, draw something, and leave without a word."""
        booth = Booth(self.page)
        self.kiosk.begin()
        expect(booth.answer).to_have_text("")
        self.look()
        booth.draw(digit)
        booth.reads(digit)
        if meanwhile:
            meanwhile()
        self.kiosk.attracts()

    def faults(self) -> list[Fault]:
        return [
            self.lose_context,
            self.raise_in_exhibit,
            self.kill_worker,
            self.fill_storage,
            self.freeze_python,
        ]

    def lose_context(self) -> None:
        """Take the graphics away; the engine helps itself, or is rebuilt if that takes too long."""
        with self.recovers():
            self.page.workers[0].evaluate("loseContext()")

    def fill_storage(self) -> None:
        """Leave no room for a while: visitors are counted, recoveries written all the same."""
        self.page.evaluate(FULL)
        self.raise_in_exhibit()
        self.page.evaluate("globalThis.makeRoom?.()")  # unless the page was loaded again


@dataclass
class Dancers(Visitors):
    """They step before the camera, and some of them dance."""

    address = "?backend=wasm&kiosk=dance&idle=3&ask=2&patience=6"
    network = "movenet"

    @property
    def camera(self) -> Camera:
        """What the booth sees."""
        return Camera(self.page)

    def prepare(self, host: Host) -> None:
        self.camera.prepare()

    def come(self, chance: random.Random, meanwhile: Fault | None) -> None:
        self.visit(meanwhile, touches=chance.random() < 0.5, stays=chance.random() < 0.5)

    def visit(
        self, meanwhile: Fault | None = None, *, touches: bool = False, stays: bool = False
    ) -> None:
        """Come, look, and leave; who stays, or meets with a fault, begins to dance."""
        self.kiosk.attracts()
        if touches:
            self.kiosk.begin()
        self.camera.show("somebody")
        self.kiosk.visits()
        self.reaches("invite")
        expect(self.page.get_by_test_id("dance-rate")).to_contain_text("a second")
        assert self.page.evaluate(DANCES) == 0
        self.look()
        if stays or meanwhile:
            self.dance(meanwhile)
        self.camera.show("nobody")
        self.kiosk.attracts()

    def dance(self, meanwhile: Fault | None) -> None:
        """Choose a partner, and dance to the end, or until something goes wrong."""
        self.page.get_by_test_id("dance-styles").get_by_role("button", name="Robot").click()
        self.camera.show("hands up")
        self.reaches("count-down")
        self.camera.show("dance")
        self.reaches("dance")
        if meanwhile:
            meanwhile()
            return
        self.reaches("playback")
        expect(self.page.get_by_test_id("dances").get_by_role("listitem")).to_have_count(1)

    def reaches(self, stage: str) -> None:
        """Wait for a part of the course."""
        glass = self.page.locator("#dance-glass")
        expect(glass).to_have_attribute("data-stage", stage, timeout=60_000)

    @contextmanager
    def recovers(self, reason: str = "") -> Iterator[None]:
        """As for others; the visitor runs away, or the next visit would begin at once."""
        with super().recovers(reason):
            yield
            self.camera.show("nobody")

    def faults(self) -> list[Fault]:
        return [
            self.unplug_camera,
            self.darken_camera,
            self.raise_in_exhibit,
            self.kill_worker,
            self.fill_storage,
            self.freeze_python,
        ]

    def unplug_camera(self) -> None:
        """Pull the camera out; somebody comes meanwhile; put it back."""
        with self.recovers("The camera stopped"):
            self.camera.unplug()
        self.kiosk.begin()
        expect(self.page.get_by_test_id("error")).to_contain_text("No camera was found")
        self.camera.plug_in()
        self.kiosk.attracts()

    def darken_camera(self) -> None:
        """Put the lid on, for a while."""
        with self.kiosk.recovers("The camera's picture is black"):
            self.camera.show("black")

    def fill_storage(self) -> None:
        """Leave no room for what is danced."""
        session = self.page.context.new_cdp_session(self.page)
        origin = self.page.evaluate("origin")
        session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})
        expect(self.page.get_by_test_id("error")).to_contain_text("storage is full", timeout=60_000)
        session.send("Storage.overrideQuotaForOrigin", {"origin": origin})
        session.detach()
