"""The page: its elements and events, its state, and what is said to the visitor."""

from collections.abc import Callable
from typing import Any, TypeAlias

from js import document, location, performance, window
from pyodide.ffi import create_proxy

Element: TypeAlias = Any
"""A DOM element; its methods and attributes are the browser's."""

_SVG = "http://www.w3.org/2000/svg"
_on_retry: Callable[[], object] | None = None


def find(element_id: str) -> Element:
    """Return the element with an id.

    Raises:
        LookupError: If the page has none.
    """
    element = document.getElementById(element_id)
    if not element:
        raise LookupError(f"the page has no element with id {element_id!r}")
    return element


def make(tag: str, text: str = "", **attributes: object) -> Element:
    """Create an HTML element; an attribute ``class_`` stands for ``class``."""
    element = document.createElement(tag)
    element.textContent = text
    return _with_attributes(element, attributes)


def make_svg(tag: str, text: str = "", **attributes: object) -> Element:
    """Create an SVG element; ``stroke_width`` stands for ``stroke-width``."""
    element = document.createElementNS(_SVG, tag)
    element.textContent = text
    return _with_attributes(element, attributes)


def _with_attributes(element: Element, attributes: dict[str, object]) -> Element:
    for name, value in attributes.items():
        element.setAttribute(name.rstrip("_").replace("_", "-"), str(value))
    return element


def on(target: Element, event: str, handler: Callable[[], object]) -> None:
    """Call a function, or start a coroutine function, on every event of a kind, for good."""
    target.addEventListener(event, create_proxy(lambda _event: handler()))


def on_address(handler: Callable[[], object]) -> None:
    """Call a function whenever the address's hash changes."""
    on(window, "hashchange", handler)


def address() -> str:
    """Return what stands behind ``#/`` in the address; empty for the gallery."""
    return str(location.hash).removeprefix("#").strip("/")


def set_title(title: str) -> None:
    """Name the tab, and the entry in the visitor's history."""
    document.title = title


def set_current_link(page: str) -> None:
    """Mark the navigation's link to a page as the current one."""
    for link in document.querySelectorAll("nav a"):
        if link.getAttribute("href") == f"#/{page}":
            link.setAttribute("aria-current", "page")
        else:
            link.removeAttribute("aria-current")


def set_state(state: str) -> None:
    """Tell styles, tests and the visitor: ``booting``, ``ready`` or ``failed``."""
    document.body.dataset.state = state


def fail(message: str, retry: Callable[[], object] | None = None) -> None:
    """Show what went wrong, and offer to try again if there is a way."""
    global _on_retry  # noqa: PLW0603 - there is one notice on the page, and one way out of it
    _on_retry = retry
    find("error-text").textContent = message
    find("retry").hidden = retry is None
    find("error").hidden = False


def _retry() -> object:
    find("error").hidden = True
    return _on_retry() if _on_retry else None


on(find("retry"), "click", _retry)


def mark(name: str) -> None:
    """Put a mark on the browser's performance timeline."""
    performance.mark(name)


def now() -> float:
    """Return the page's clock in ms."""
    return float(performance.now())


def heap_bytes() -> int | None:
    """Return the bytes that JavaScript objects of the page take, where the browser tells."""
    memory = getattr(performance, "memory", None)
    return int(memory.usedJSHeapSize) if memory else None
