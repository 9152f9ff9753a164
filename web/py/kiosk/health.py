"""Health checks: loops that run, the engine, the camera, memory, errors on show."""

import asyncio

from host import engine, kiosk, liveness, page
from kiosk.growth import Growth
from kiosk.watchdog import Remedy, Symptom

DARK = 3.0
"""Brightness, in 0..255, below which a camera's picture is black; a dark room is brighter."""

ASK_SECONDS = 3.0
"""Interval between requests of the engine's statistics, in s."""


class Health:
    """Runs the checks, and returns symptoms."""

    def __init__(self) -> None:
        self.stats: engine.Stats | None = None
        self._growth = Growth()
        self._grown = ""
        self._asking: asyncio.Task[engine.Stats] | None = None
        self._asked = 0.0
        self._bright = 0.0
        self._defect = ""
        self._notice = ""
        self._noticed = 0.0
        self._replaced = 0
        page.on_failure(self._take_failure)

    def _take_failure(self, message: str, defect: bool) -> None:
        if defect:
            self._defect = message
        self._notice, self._noticed = message, page.now() / 1000

    def forget_notice(self) -> None:
        """Clear errors that were shown, except defects."""
        self._notice = ""

    def begin_again(self) -> None:
        """Reset after a recovery."""
        if self._asking:
            self._asking.cancel()
        self._asking = None
        self._grown = ""

    def measure(self) -> None:
        """Measure memory between two visits."""
        amounts = {"page": float(page.heap_bytes() or 0)}
        if self.stats:
            amounts |= {"tensors": self.stats.tensors, "engine": self.stats.bytes}
        self._grown = self._growth.measure(amounts)

    def symptoms(self, time: float, show: Symptom | None) -> list[Symptom]:
        """Return the failures at this time, in s; ``show`` is the attract loop's, if any."""
        found = [
            self._engine(time),
            self._loops(time),
            show,
            self._camera(time),
            self._told(time),
            self._reported(),
            self._memory(),
        ]
        return [each for each in found if each]

    def _engine(self, time: float) -> Symptom | None:
        if self._asking is None:
            if time - self._asked > ASK_SECONDS:
                self._asked = time
                self._asking = asyncio.ensure_future(engine.stats())
            return None
        if not self._asking.done():
            late = time - self._asked > kiosk.patience()
            return _lost("The engine does not answer") if late else None
        asking, self._asking = self._asking, None
        if asking.cancelled():
            return None
        if error := asking.exception():
            return _lost(f"The engine fails: {error}")
        self._note(asking.result())
        return None

    def _note(self, stats: engine.Stats) -> None:
        """Store the engine's statistics, and log its own recoveries."""
        if stats.recoveries > self._replaced:
            kiosk.record("The graphics context was lost and replaced", "engine")
        self._replaced = stats.recoveries
        self.stats = stats

    def _loops(self, time: float) -> Symptom | None:
        for name, each in liveness.running().items():
            if time - each.since / 1000 > kiosk.patience():
                return Symptom(f"The {name} stands still")
        return None

    def _camera(self, time: float) -> Symptom | None:
        seen = liveness.running().get("camera")
        if not seen or seen.brightness is None or seen.brightness >= DARK:
            self._bright = time
        if time - self._bright > kiosk.patience():
            self._bright = time
            return Symptom("The camera's picture is black")
        return None

    def _told(self, time: float) -> Symptom | None:
        defect, self._defect = self._defect, ""
        if defect:
            return Symptom(f"A defect: {defect}")
        if self._notice and page.is_failing() and time - self._noticed > kiosk.patience():
            return Symptom(f"Nobody acted on: {self._notice}", most=Remedy.RESTART)
        return None

    def _reported(self) -> Symptom | None:
        reason = liveness.take_report()
        return Symptom(reason, most=Remedy.RESTART) if reason else None

    def _memory(self) -> Symptom | None:
        if self._grown:
            return Symptom(f"Memory has grown: {self._grown}", least=Remedy.RELOAD)
        return None


def _lost(reason: str) -> Symptom:
    return Symptom(reason, least=Remedy.REBUILD)
