"""Animation frames of the browser."""

import asyncio

from js import performance, window
from pyodide.ffi import create_proxy

LONGEST = 0.1
"""Longest reported time between frames, in s, so that animations continue after a pause."""


class Frames:
    """A stream of animation frames for one consumer; a hidden page has none."""

    def __init__(self) -> None:
        self._wake = asyncio.Event()
        self._last = 0.0
        self._on_frame = create_proxy(lambda _time: self._wake.set())

    async def next(self) -> float:
        """Wait for the next frame; return the time since the previous one in s."""
        self._wake.clear()
        window.requestAnimationFrame(self._on_frame)
        await self._wake.wait()
        now = float(performance.now()) / 1000
        elapsed, self._last = now - self._last, now
        return min(elapsed, LONGEST)


def calm() -> bool:
    """Return whether the visitor prefers reduced motion."""
    return bool(window.matchMedia("(prefers-reduced-motion: reduce)").matches)
