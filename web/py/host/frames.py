"""The browser's own beat: when it is about to show the next picture."""

import asyncio

from js import performance, window
from pyodide.ffi import create_proxy

LONGEST = 0.1
"""s that a frame counts for at most: after a pause, things go on from where they were."""


class Frames:
    """A stream of frames, for one who waits for each in turn; a hidden page has none."""

    def __init__(self) -> None:
        self._wake = asyncio.Event()
        self._last = 0.0
        self._on_frame = create_proxy(lambda _time: self._wake.set())

    async def next(self) -> float:
        """Wait for the next frame; return how many s it comes after the one before."""
        self._wake.clear()
        window.requestAnimationFrame(self._on_frame)
        await self._wake.wait()
        now = float(performance.now()) / 1000
        elapsed, self._last = now - self._last, now
        return min(elapsed, LONGEST)


def calm() -> bool:
    """Say whether the visitor has asked their device to move less."""
    return bool(window.matchMedia("(prefers-reduced-motion: reduce)").matches)
