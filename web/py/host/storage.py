"""Small texts that stay on the device, in the browser's local storage."""

from js import localStorage, navigator
from pyodide.ffi import JsException


def read(key: str) -> str:
    """Return what is kept under a key; empty if nothing is, or the browser keeps nothing."""
    try:
        kept = localStorage.getItem(key)
    except JsException:
        return ""
    return str(kept) if kept else ""


def write(key: str, text: str) -> bool:
    """Keep a text; `False` if the storage is full or switched off."""
    try:
        localStorage.setItem(key, text)
    except JsException:
        return False
    return True


async def used() -> tuple[float, float] | None:
    """Return the bytes that the site keeps, and those it may keep, where the browser tells."""
    storage = getattr(navigator, "storage", None)
    if not storage:
        return None
    estimate = await storage.estimate()
    return float(estimate.usage), float(estimate.quota)
