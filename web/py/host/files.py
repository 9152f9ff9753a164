"""The visitor's files: choose, drop, paste, save, share and copy."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeAlias

from js import URL, Blob, Object, document, navigator, setTimeout
from js import File as JsFile
from pyodide.ffi import JsException, create_once_callable, create_proxy, to_js

from host import page
from host.page import Element

File: TypeAlias = Any
"""A JavaScript File or Blob."""

Handler: TypeAlias = Callable[[File], object]
"""Function or coroutine function that takes a file."""

_SAVED_MS = 60_000
"""Time after which a saved file's object URL is revoked, in ms."""


def on_choice(chooser: Element, handler: Handler) -> None:
    """Call a function with each chosen file, including one chosen before the call."""

    def take(_event: object = None) -> None:
        if chooser.files.length:
            file = chooser.files.item(0)
            chooser.value = ""  # allows the same file to be chosen again
            page.call(lambda: handler(file))

    chooser.addEventListener("change", create_proxy(take))
    take()


def on_drop(target: Element, wanted: Callable[[], bool], handler: Handler) -> None:
    """Call a function with each file dropped on the page, while files are accepted.

    Args:
        target: Element that gets the class ``aimed`` during a drag.
        wanted: Returns whether files are accepted now.
        handler: Called with the first dropped file.
    """

    def drag(event: Any) -> None:  # noqa: ANN401 - a JavaScript event
        if wanted() and "Files" in event.dataTransfer.types.to_py():
            event.preventDefault()
            target.classList.toggle("aimed", event.type == "dragover")

    def drop(event: Any) -> None:  # noqa: ANN401 - a JavaScript event
        drag(event)
        if wanted() and event.dataTransfer.files.length:
            file = event.dataTransfer.files.item(0)
            page.call(lambda: handler(file))

    for kind, listener in (("dragover", drag), ("dragleave", drag), ("drop", drop)):
        document.addEventListener(kind, create_proxy(listener))


def on_paste(wanted: Callable[[], bool], handler: Handler) -> None:
    """Call a function with each pasted file, while files are accepted."""

    def paste(event: Any) -> None:  # noqa: ANN401 - a JavaScript event
        if wanted() and event.clipboardData.files.length:
            file = event.clipboardData.files.item(0)
            page.call(lambda: handler(file))

    document.addEventListener("paste", create_proxy(paste))


def save(name: str, file: File) -> None:
    """Download a file under a name."""
    address = URL.createObjectURL(file)
    link = page.make("a", href=address, download=name)
    link.click()
    setTimeout(create_once_callable(lambda: URL.revokeObjectURL(address)), _SAVED_MS)


def address(file: File) -> str:
    """Return an object URL of a file, valid until `forget_address`."""
    return str(URL.createObjectURL(file))


def forget_address(address: str) -> None:
    """Revoke an object URL of `address`."""
    URL.revokeObjectURL(address)


def can_share(name: str, file: File) -> bool:
    """Return whether the device can share a file with other apps."""
    asked = getattr(navigator, "canShare", None)
    return bool(asked and navigator.canShare(_shared(name, file)))


async def share(name: str, file: File) -> None:
    """Open the share dialog for a file; cancelling it is not an error."""
    with suppress(JsException):
        await navigator.share(_shared(name, file))


def _shared(name: str, file: File) -> Any:  # noqa: ANN401 - a JavaScript object
    options = to_js({"type": file.type}, dict_converter=Object.fromEntries)
    named = JsFile.new(to_js([file]), name, options)
    return to_js({"files": [named]}, dict_converter=Object.fromEntries)


def text_blob(text: str) -> File:
    """Return a JSON file with this text."""
    options = to_js({"type": "application/json"}, dict_converter=Object.fromEntries)
    return Blob.new(to_js([text]), options)


async def copy(text: str) -> bool:
    """Copy text to the clipboard; return False if the browser denies it."""
    clipboard = getattr(navigator, "clipboard", None)
    if not clipboard:  # no clipboard without HTTPS
        return False
    try:
        await clipboard.writeText(text)
    except JsException:
        return False
    return True


async def png(canvas: Element) -> File:
    """Encode a canvas as a PNG file."""
    made: asyncio.Future[File] = asyncio.get_running_loop().create_future()
    canvas.toBlob(create_once_callable(made.set_result), "image/png")
    return await made
