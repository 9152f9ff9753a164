"""The page: elements, events, state, error messages."""

import asyncio
import traceback
from collections.abc import Callable, Coroutine
from functools import cache
from typing import Any, TypeAlias

from js import Object, ResizeObserver, document, location, performance, window
from pyodide.ffi import create_proxy

from host.boundary import glassbooth

Element: TypeAlias = Any
"""A DOM element; its methods and attributes are the browser's."""

to_object = Object.fromEntries
"""``dict_converter`` of ``to_js`` that makes plain objects."""

_SVG = "http://www.w3.org/2000/svg"
_state = "booting"
_on_retry: Callable[[], object] | None = None
_on_failure: list[Callable[[str, bool], object]] = []
_running: set[asyncio.Task[None]] = set()


def find(element_id: str) -> Element:
    """Return the element with an id.

    Raises:
        LookupError: If the page has none.
    """
    element = document.getElementById(element_id)
    if not element:
        raise LookupError(f"the page has no element with id {element_id!r}")
    return element


def find_all(selector: str) -> list[Element]:
    """Return all elements that match a CSS selector."""
    return list(document.querySelectorAll(selector))


class Scope:
    """A part of the page whose ids are looked up within it, even outside the document.

    Attributes:
        root: Element that holds the part.
    """

    def __init__(self, root: Element) -> None:
        self.root = root

    def find(self, element_id: str) -> Element:
        """Return the element with an id.

        Raises:
            LookupError: If the part has none.
        """
        element = self.root.querySelector(f"#{element_id}")
        if not element:
            raise LookupError(f"this part of the page has no element with id {element_id!r}")
        return element


def content(name: str) -> Element:
    """Return the element that holds a generated page's elements, even outside the document."""
    return glassbooth.pages.content(name)


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
    """Call a function, or start a coroutine function, on every event of a type."""
    target.addEventListener(event, create_proxy(lambda _event: call(handler)))


def on_press(container: Element, handler: Callable[[Element], object]) -> None:
    """Call a function with each button that is pressed within an element.

    One delegated handler serves buttons that come and go, so none leaks.
    """

    def press(event: Any) -> None:  # noqa: ANN401 - a JavaScript event
        button = event.target.closest("button")
        if button:
            call(lambda: handler(button))

    container.addEventListener("click", create_proxy(press))


def on_key(target: Element, handler: Callable[[str], object]) -> None:
    """Call a function with each key that is pressed within an element."""
    target.addEventListener("keydown", create_proxy(lambda event: call(lambda: handler(event.key))))


def start(coroutine: Coroutine[Any, Any, object]) -> asyncio.Task[None]:
    """Run a coroutine as a task; exceptions are shown to the visitor."""
    task = asyncio.ensure_future(_guard(coroutine))
    _running.add(task)  # asyncio keeps only a weak reference
    task.add_done_callback(_running.discard)
    return task


async def _guard(coroutine: Coroutine[Any, Any, object]) -> None:
    try:
        await coroutine
    except Exception:  # last resort: show unexpected errors
        traceback.print_exc()
        if _state == "booting":
            set_state("failed")
        fail("Something went wrong on this page. Reload it to go on.", location.reload, defect=True)


def call(handler: Callable[[], object]) -> None:
    """Call a function, or start a coroutine function."""
    result = handler()
    if asyncio.iscoroutine(result):
        start(result)


def on_address(handler: Callable[[], object]) -> None:
    """Call a function whenever the address's hash changes."""
    on(window, "hashchange", handler)


def go(name: str) -> None:
    """Go to another page, replacing the present one in the history."""
    location.replace(f"#/{name}")


def on_resize(element: Element, handler: Callable[[], object]) -> None:
    """Call a function whenever an element's size changes."""
    ResizeObserver.new(create_proxy(lambda *_: call(handler))).observe(element)


def print_only(element: Element) -> None:
    """Print one element of the page, which is hidden otherwise."""
    element.hidden = False
    document.body.dataset.print = element.id
    window.print()


def on_printed(handler: Callable[[], object]) -> None:
    """Call a function whenever the print dialog closes."""

    def put_back() -> None:
        if document.body.hasAttribute("data-print"):
            find(document.body.dataset.print).hidden = True
            document.body.removeAttribute("data-print")
            call(handler)

    on(window, "afterprint", put_back)


def address() -> str:
    """Return the part of the address after ``#/``; empty for the gallery."""
    return str(location.hash).removeprefix("#").strip("/")


def set_title(title: str) -> None:
    """Set the document's title."""
    document.title = title


def set_current_link(page: str) -> None:
    """Mark the navigation's link to a page as the current one."""
    for link in document.querySelectorAll("nav a"):
        if link.getAttribute("href") == f"#/{page}":
            link.setAttribute("aria-current", "page")
            # Scroll the links if they do not fit, but not the page.
            link.parentElement.scrollLeft = (
                link.offsetLeft
                + link.offsetWidth / 2
                - (link.parentElement.offsetLeft + link.parentElement.clientWidth / 2)
            )
        else:
            link.removeAttribute("aria-current")


def is_hidden() -> bool:
    """Return whether the page is hidden, for example by another tab."""
    return bool(document.hidden)


def is_failing() -> bool:
    """Return whether an error is shown."""
    return not find("error").hidden


def scroll_to_top() -> None:
    """Scroll to the top of the page."""
    window.scrollTo(0, 0)


def set_dialog(element_id: str, shown: bool) -> None:
    """Show or close a modal dialog."""
    dialog = find(element_id)
    if shown and not dialog.open:
        dialog.showModal()
    elif dialog.open and not shown:
        dialog.close()


def is_open(element_id: str) -> bool:
    """Return whether a dialog is shown."""
    return bool(find(element_id).open)


def close_details(element: Element) -> None:
    """Close all ``<details>`` within an element."""
    for details in element.querySelectorAll("details[open]"):
        details.open = False


def set_state(state: str) -> None:
    """Set the page's state: ``booting``, ``ready`` or ``failed``."""
    global _state  # noqa: PLW0603 - there is one page
    _state = state
    glassbooth.setState(state)


def fail(message: str, retry: Callable[[], object] | None = None, *, defect: bool = False) -> None:
    """Show an error, with a retry button if there is a retry; a defect is a bug of the page."""
    global _on_retry  # noqa: PLW0603 - the page has one notice, with one retry
    _on_retry = retry
    find("error-text").textContent = message
    find("retry").textContent = "Try again" if retry else "Close"
    find("error").hidden = False
    for handler in _on_failure:
        handler(message, defect)


def on_failure(handler: Callable[[str, bool], object]) -> None:
    """Call a function with each error from now on, and whether it is a defect."""
    _on_failure.append(handler)


def clear_error() -> None:
    """Hide the error."""
    find("error").hidden = True


def _retry() -> None:
    clear_error()
    if _on_retry:
        call(_on_retry)


on(find("retry"), "click", _retry)


def mark(name: str) -> None:
    """Put a mark on the browser's performance timeline."""
    performance.mark(name)


@cache
def mark_first_model() -> None:
    """Put the mark ``glass:model`` on the timeline when the first model is loaded."""
    mark("glass:model")


def now() -> float:
    """Return the page's clock in ms."""
    return float(performance.now())


def heap_bytes() -> int | None:
    """Return the size of the page's JavaScript heap in bytes, where the browser reports it."""
    memory = getattr(performance, "memory", None)
    return int(memory.usedJSHeapSize) if memory else None
