"""What runs behind the invitation, by itself, while nobody is there."""

import asyncio
from types import ModuleType

from host import pulse
from kiosk.watchdog import Symptom


class Show:
    """One show after the other."""

    def __init__(self) -> None:
        self._running: asyncio.Task[None] | None = None

    def begin(self, exhibit: ModuleType) -> None:
        """Begin an exhibit's show, if it has one."""
        if hasattr(exhibit, "attract"):
            pulse.begin("show")
            self._running = asyncio.ensure_future(exhibit.attract())

    async def end(self) -> None:
        """End it, and wait until it has let go of everything."""
        running, self._running = self._running, None
        if running:
            running.cancel()
            await asyncio.wait([running])
        pulse.end("show")

    def saw_somebody(self) -> bool:
        """Say whether it ended because somebody has come."""
        done = self._running if self._running and self._running.done() else None
        return bool(done and not done.cancelled() and not done.exception())

    def trouble(self) -> Symptom | None:
        """Return why it broke off, if it did."""
        if not self._running or not self._running.done() or self._running.cancelled():
            return None
        error = self._running.exception()
        return Symptom(f"The show broke off: {error}") if error else None
