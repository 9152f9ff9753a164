"""The screen as a whole: filled by the page, and kept awake."""

from typing import Any

from js import document, navigator
from pyodide.ffi import JsException, create_once_callable, to_js

from host import page

AGAIN_MS = 5000.0
"""After which a screen that may fall asleep is asked again to stay awake."""


def fill() -> None:
    """Show the page alone, within a handler of a touch; where the browser cannot, it goes on."""
    root = document.documentElement
    activation = getattr(navigator, "userActivation", None)
    if document.fullscreenElement or not hasattr(root, "requestFullscreen"):
        return
    if activation and not activation.isActive:  # a key's event that comes after its touch
        return
    options = to_js({"navigationUI": "hide"}, dict_converter=page.to_object)
    refused = create_once_callable(lambda _error: None)
    root.requestFullscreen(options).catch(refused)


class Wakefulness:
    """Keeps the screen awake: browsers take that back whenever the page is hidden."""

    def __init__(self) -> None:
        self._lock: Any = None
        self._asked = -AGAIN_MS

    @property
    def holds(self) -> bool:
        """Whether the screen stays awake now."""
        return bool(self._lock) and not self._lock.released

    async def ensure(self) -> None:
        """Ask for it if it was taken back, but not all the time."""
        wake_lock = getattr(navigator, "wakeLock", None)
        due = page.now() - self._asked >= AGAIN_MS
        if not wake_lock or self.holds or document.hidden or not due:
            return
        self._asked = page.now()
        try:
            self._lock = await wake_lock.request("screen")
        except JsException:  # a battery that is low, for one: it is asked again
            self._lock = None
