"""Texts in the browser's local storage."""

from js import localStorage, navigator
from pyodide.ffi import JsException


def read(key: str) -> str:
    """Return the text of a key; empty if there is none, or storage is disabled."""
    try:
        kept = localStorage.getItem(key)
    except JsException:
        return ""
    return str(kept) if kept else ""


def write(key: str, text: str) -> bool:
    """Store a text; return False if storage is full or disabled."""
    try:
        localStorage.setItem(key, text)
    except JsException:
        return False
    return True


async def used() -> tuple[float, float] | None:
    """Return used and available bytes; `None` if the browser does not report them."""
    storage = getattr(navigator, "storage", None)
    if not storage:
        return None
    estimate = await storage.estimate()
    return float(estimate.usage), float(estimate.quota)
