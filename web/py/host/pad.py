"""A two-dimensional control, moved by finger, mouse or arrow keys."""

from collections.abc import Callable
from typing import Any

from pyodide.ffi import create_proxy

from host.page import Element

_KEYS = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1)}


class Pad:
    """Reports positions on an element, right and down of its centre."""

    def __init__(
        self,
        element: Element,
        moved: Callable[[float, float], object],
        nudged: Callable[[int, int], object],
    ) -> None:
        """Add the listeners.

        Args:
            element: Element to listen on.
            moved: Called with the position, -1..1 on both axes, or beyond while dragged outside.
            nudged: Called with the direction of an arrow key, and with (0, 0) for Home.
        """
        self._element = element
        self._moved = moved
        self._nudged = nudged
        for kind, listener in (
            ("pointerdown", self._press),
            ("pointermove", self._drag),
            ("keydown", self._key),
        ):
            element.addEventListener(kind, create_proxy(listener))

    def _press(self, event: Any) -> None:  # noqa: ANN401 - a JavaScript event
        if event.isPrimary and event.button == 0:
            self._element.setPointerCapture(event.pointerId)
            self._tell(event)

    def _drag(self, event: Any) -> None:  # noqa: ANN401 - a JavaScript event
        if event.isPrimary and self._element.hasPointerCapture(event.pointerId):
            self._tell(event)

    def _tell(self, event: Any) -> None:  # noqa: ANN401 - a JavaScript event
        box = self._element.getBoundingClientRect()
        self._moved(
            2 * (event.clientX - box.left) / box.width - 1,
            2 * (event.clientY - box.top) / box.height - 1,
        )

    def _key(self, event: Any) -> None:  # noqa: ANN401 - a JavaScript event
        if event.key in _KEYS or event.key == "Home":
            event.preventDefault()
            self._nudged(*_KEYS.get(event.key, (0, 0)))
