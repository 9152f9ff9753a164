"""Simulated kiosk visitors, their observations, and injected faults."""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from playwright.sync_api import Error, Page, expect

from tests.e2e.booth import BoothPage
from tests.e2e.conftest import DIST
from tests.e2e.kiosk import KioskPage
from tests.e2e.scenes import Camera
from tests.e2e.server import Reply, StaticHost
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
    """Memory use between visits: networks, their tensors and bytes, and the page's heap."""

    networks: tuple[str, ...]
    tensors: int
    bytes: int
    heap: float


@dataclass
class Visitors(ABC):
    """Simulates the visitors of one exhibit, and records what they see."""

    page: Page
    seen: list[Any] = field(default_factory=list)

    address: ClassVar[str]
    network: ClassVar[str]

    @abstractmethod
    def prepare(self, host: StaticHost) -> None:
        """Install fault injection before the page is opened."""

    @abstractmethod
    def come(self, chance: random.Random, meanwhile: Fault | None) -> None:
        """Perform one visit."""

    @abstractmethod
    def faults(self) -> list[Fault]:
        """Return the faults that can be injected."""

    @property
    def kiosk(self) -> KioskPage:
        """Page object of the kiosk."""
        return KioskPage(self.page)

    def open(self, host: StaticHost) -> None:
        """Open the kiosk with fault injection."""
        self.page.add_init_script(PREPARED)
        self.prepare(host)
        self.page.goto(host.url + self.address)
        BoothPage(self.page).ready()

    def look(self) -> None:
        """Record what a new visitor sees."""
        self.seen.append(self.page.evaluate(SEEN))

    @property
    def strange(self) -> dict[str, Any]:
        """Observations that differ from the first visitor's."""
        return {
            f"{name}, visit {visit}": (first, seen[name])
            for visit, seen in enumerate(self.seen)
            for name, first in self.seen[0].items()
            if seen[name] != first
        }

    @contextmanager
    def recovers(self, reason: str = "") -> Iterator[None]:
        """Wait for a recovery after the body, and for the attract loop."""
        with self.kiosk.recovers(reason):
            yield

    def kill_worker(self) -> None:
        """Terminate the engine's worker silently."""
        with self.recovers("The engine does not answer"):
            self.page.workers[0].evaluate("setTimeout(close)")

    def raise_in_exhibit(self) -> None:
        """Raise an unexpected exception in the exhibit once."""
        with self.recovers("A defect"):
            self.page.evaluate(DEFECT)

    def freeze_python(self) -> None:
        """Block Python's event loop forever."""
        with self.recovers("Python stood still"):
            self.page.evaluate("frozen = true")

    def memory(self) -> Memory:
        """Measure memory between visits."""
        stats = self._held()
        session = self.page.context.new_cdp_session(self.page)
        session.send("HeapProfiler.collectGarbage")
        heap = float(session.send("Runtime.getHeapUsage")["usedSize"])
        session.detach()
        networks = tuple(sorted(str(model["name"]) for model in stats["models"]))
        return Memory(networks, int(stats["tensors"]), int(stats["bytes"]), heap)

    def _held(self) -> dict[str, Any]:
        """Query the engine; retry once if the watchdog has just reloaded the page."""
        self.kiosk.attracts()
        try:
            return dict(self.page.evaluate(HELD, self.network))
        except Error as error:
            if "Execution context was destroyed" not in error.message:
                raise
            return self._held()


@dataclass
class Drawers(Visitors):
    """Visitors who draw a digit each."""

    address = "?backend=webgl&kiosk=digits&idle=3&ask=2&patience=6"
    network = "digits"

    def prepare(self, host: StaticHost) -> None:
        (worker,) = DIST.glob("engine-*/worker.js")
        script = LOSE.encode() + worker.read_bytes()
        host.replies["/worker.js"] = Reply(script, type="text/javascript")

    def come(self, chance: random.Random, meanwhile: Fault | None) -> None:
        self.visit(chance.choice([2, 3, 4, 5, 7]), meanwhile)

    def visit(self, digit: int, meanwhile: Fault | None = None) -> None:
        """Start a visit, record what is seen, draw a digit, and leave."""
        booth = BoothPage(self.page)
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
        """Lose the WebGL context; the engine recovers, or is rebuilt if that takes too long."""
        with self.recovers():
            self.page.workers[0].evaluate("loseContext()")

    def fill_storage(self) -> None:
        """Fill the storage temporarily; visitors and recoveries are still recorded."""
        self.page.evaluate(FULL)
        self.raise_in_exhibit()
        self.page.evaluate("globalThis.makeRoom?.()")  # unless the page was loaded again


@dataclass
class Dancers(Visitors):
    """Visitors who step in front of the camera, some of whom dance."""

    address = "?backend=wasm&kiosk=dance&idle=3&ask=2&patience=6"
    network = "movenet"

    @property
    def camera(self) -> Camera:
        """The fake camera."""
        return Camera(self.page)

    def prepare(self, host: StaticHost) -> None:
        self.camera.prepare()

    def come(self, chance: random.Random, meanwhile: Fault | None) -> None:
        self.visit(meanwhile, touches=chance.random() < 0.5, stays=chance.random() < 0.5)

    def visit(
        self, meanwhile: Fault | None = None, *, touches: bool = False, stays: bool = False
    ) -> None:
        """Start a visit, record what is seen, and leave; dance first with a fault or `stays`."""
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
        """Choose a partner, and dance to the end or until a fault occurs."""
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
        """Wait for a stage of the session."""
        glass = self.page.locator("#dance-glass")
        expect(glass).to_have_attribute("data-stage", stage, timeout=60_000)

    @contextmanager
    def recovers(self, reason: str = "") -> Iterator[None]:
        """Like the base method, but the visitor leaves, or the next visit would start at once."""
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
        """Unplug the camera, let a visitor come, and plug it in again."""
        with self.recovers("The camera stopped"):
            self.camera.unplug()
        self.kiosk.begin()
        expect(self.page.get_by_test_id("error")).to_contain_text("No camera was found")
        self.camera.plug_in()
        self.kiosk.attracts()

    def darken_camera(self) -> None:
        """Cover the camera temporarily."""
        with self.kiosk.recovers("The camera's picture is black"):
            self.camera.show("black")

    def fill_storage(self) -> None:
        """Fill the storage, so that the dance cannot be saved."""
        session = self.page.context.new_cdp_session(self.page)
        origin = self.page.evaluate("origin")
        session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 1})
        expect(self.page.get_by_test_id("error")).to_contain_text("storage is full", timeout=60_000)
        session.send("Storage.overrideQuotaForOrigin", {"origin": origin})
        session.detach()
