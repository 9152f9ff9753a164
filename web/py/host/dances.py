"""Dances that are kept on this device, in the browser's own database; they go nowhere else."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from operator import methodcaller
from typing import Any

from js import Date, Object, indexedDB
from pyodide.ffi import JsException, create_once_callable, create_proxy, to_js

from host.files import File

_DATABASE, _STORE = "glassbooth-dances", "dances"
_REASON = "This device keeps no dances: its storage is full or switched off."


class KeepError(Exception):
    """Why a dance is not kept or not found; the message is a sentence for people."""


@dataclass(frozen=True)
class Dance:
    """A dance that is kept.

    Attributes:
        key: Of the dance in the database.
        video: The recording.
        poses: As JSON; see `vision.dance.recording`.
        title: What the visitor reads.
    """

    key: int
    video: File
    poses: str
    title: str


async def keep(video: File, poses: str, style: str) -> None:
    """Keep a dance.

    Raises:
        KeepError: If the device has no room, or the browser keeps nothing.
    """
    about = {"video": video, "poses": poses, "style": style, "at": Date.now()}
    value = to_js(about, dict_converter=Object.fromEntries)
    await _ask("readwrite", lambda store: store.add(value))


async def kept() -> list[Dance]:
    """Return all that are kept, the latest first.

    Raises:
        KeepError: If the browser keeps nothing.
    """
    keys = await _ask("readonly", lambda store: store.getAllKeys())
    dances = [await _ask("readonly", methodcaller("get", key)) for key in keys]
    found = [_dance(int(key), value) for key, value in zip(keys, dances, strict=True)]
    return found[::-1]


async def forget(key: int) -> None:
    """Delete a dance.

    Raises:
        KeepError: If the browser keeps nothing.
    """
    await _ask("readwrite", lambda store: store.delete(key))


def _dance(key: int, value: Any) -> Dance:  # noqa: ANN401 - a JavaScript object
    at = Date.new(value.at).toLocaleString()
    return Dance(key, value.video, str(value.poses), f"{value.style}, {at}")


async def _ask(mode: str, ask: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - JavaScript objects
    """Ask the database something; return its answer once what was written is safe.

    Raises:
        KeepError: If it fails.
    """
    try:
        opening = _open()
        if not await _happens(opening, "success", "error"):
            raise KeepError(_REASON)
        database = opening.result
        try:
            transaction = database.transaction(_STORE, mode)
            request = ask(transaction.objectStore(_STORE))
            if not await _happens(transaction, "complete", "abort"):
                raise KeepError(_REASON)
            return request.result
        finally:
            database.close()
    except JsException:
        raise KeepError(_REASON) from None


def _open() -> Any:  # noqa: ANN401 - a JavaScript request
    request = indexedDB.open(_DATABASE, 1)

    def make(_event: object) -> None:
        request.result.createObjectStore(_STORE, autoIncrement=True)

    request.onupgradeneeded = create_once_callable(make)
    return request


async def _happens(target: Any, good: str, bad: str) -> bool:  # noqa: ANN401 - a JavaScript object
    """Wait for the one or the other of two events, and say whether it was the good one."""
    happened: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    listener = create_proxy(lambda event: happened.set_result(event.type == good))
    target.addEventListener(good, listener)
    target.addEventListener(bad, listener)
    try:
        return await happened
    finally:
        target.removeEventListener(good, listener)
        target.removeEventListener(bad, listener)
        listener.destroy()
