"""The attract loop: an exhibit shows itself while nobody is there."""

import asyncio

from exhibit import Exhibit
from host import liveness
from kiosk.watchdog import Symptom


class AttractLoop:
    """Runs one exhibit's show after the other."""

    def __init__(self) -> None:
        self._running: asyncio.Task[None] | None = None

    def begin(self, exhibit: Exhibit) -> None:
        """Begin an exhibit's show."""
        liveness.begin("show")
        self._running = asyncio.ensure_future(exhibit.attract())

    async def end(self) -> None:
        """End the show, and wait until it has released everything."""
        running, self._running = self._running, None
        if running:
            running.cancel()
            await asyncio.wait([running])
        liveness.end("show")

    def saw_somebody(self) -> bool:
        """Return whether the show ended because a visitor was seen."""
        done = self._running if self._running and self._running.done() else None
        return bool(done and not done.cancelled() and not done.exception())

    def trouble(self) -> Symptom | None:
        """Return the failure that ended the show, if any."""
        if not self._running or not self._running.done() or self._running.cancelled():
            return None
        error = self._running.exception()
        return Symptom(f"The show broke off: {error}") if error else None
