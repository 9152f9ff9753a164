"""The device's screen: full screen, orientation, wake lock."""

from typing import Any

from js import document, matchMedia, navigator
from pyodide.ffi import JsException, create_once_callable, to_js

from host import page

AGAIN_MS = 5000.0
"""Interval between requests of the wake lock, in ms."""


def is_upright() -> bool:
    """Return whether the page is at least as high as wide."""
    return bool(matchMedia("(max-aspect-ratio: 1)").matches)


def fill() -> None:
    """Enter full screen; ignored outside the handler of a user gesture."""
    root = document.documentElement
    activation = getattr(navigator, "userActivation", None)
    if document.fullscreenElement or not hasattr(root, "requestFullscreen"):
        return
    if activation and not activation.isActive:  # not within a user gesture
        return
    options = to_js({"navigationUI": "hide"}, dict_converter=page.to_object)
    refused = create_once_callable(lambda _error: None)
    root.requestFullscreen(options).catch(refused)


class Wakefulness:
    """A wake lock; browsers release it whenever the page is hidden."""

    def __init__(self) -> None:
        self._lock: Any = None
        self._asked = -AGAIN_MS

    @property
    def holds(self) -> bool:
        """Whether the lock is held."""
        return bool(self._lock) and not self._lock.released

    async def ensure(self) -> None:
        """Request the lock if it was released, at most every `AGAIN_MS`."""
        wake_lock = getattr(navigator, "wakeLock", None)
        due = page.now() - self._asked >= AGAIN_MS
        if not wake_lock or self.holds or document.hidden or not due:
            return
        self._asked = page.now()
        try:
            self._lock = await wake_lock.request("screen")
        except JsException:  # for example on low battery; requested again later
            self._lock = None
