"""The attract loop, which demonstrates an exhibit between visits."""

import asyncio

from exhibit import Exhibit
from host import liveness
from kiosk.watchdog import Symptom


class AttractLoop:
    """Runs one exhibit's attract loop at a time."""

    def __init__(self) -> None:
        self._running: asyncio.Task[None] | None = None

    def begin(self, exhibit: Exhibit) -> None:
        """Start an exhibit's attract loop."""
        liveness.begin("show")
        self._running = asyncio.ensure_future(exhibit.attract())

    async def end(self) -> None:
        """Stop the attract loop, and wait until it has released its resources."""
        running, self._running = self._running, None
        if running:
            running.cancel()
            await asyncio.wait([running])
        liveness.end("show")

    def saw_somebody(self) -> bool:
        """Return whether the attract loop ended because it saw a visitor."""
        done = self._running if self._running and self._running.done() else None
        return bool(done and not done.cancelled() and not done.exception())

    def trouble(self) -> Symptom | None:
        """Return the failure that ended the attract loop, if any."""
        if not self._running or not self._running.done() or self._running.cancelled():
            return None
        error = self._running.exception()
        return Symptom(f"The show broke off: {error}") if error else None
