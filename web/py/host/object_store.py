"""Objects stored in the browser's IndexedDB, on this device only."""

import asyncio
from collections.abc import Callable
from operator import methodcaller
from typing import Any

from js import Object, indexedDB
from pyodide.ffi import JsException, create_once_callable, create_proxy, to_js


class KeepError(Exception):
    """A failure of the database; the message is a sentence for people."""


class ObjectStore:
    """A database of objects of one type, each with a number as its key."""

    def __init__(self, what: str) -> None:
        """Open a store by the plural name of its objects, which is also the database's name."""
        self._what = what

    async def add(self, thing: dict[str, Any]) -> int:
        """Add an object of values that the browser can store; return its key.

        Raises:
            KeepError: If the device has no room, or the browser has no storage.
        """
        value = to_js(thing, dict_converter=Object.fromEntries)
        return int(await self._ask("readwrite", lambda store: store.add(value)))

    async def all(self) -> list[tuple[int, Any]]:
        """Return all keys and objects, as JavaScript proxies, the latest first.

        Raises:
            KeepError: If the browser keeps nothing.
        """
        keys = await self._ask("readonly", lambda store: store.getAllKeys())
        things = [await self._ask("readonly", methodcaller("get", key)) for key in keys]
        return [(int(key), thing) for key, thing in zip(keys, things, strict=True)][::-1]

    async def remove(self, number: int) -> None:
        """Delete an object.

        Raises:
            KeepError: If the browser keeps nothing.
        """
        await self._ask("readwrite", lambda store: store.delete(number))

    async def _ask(self, mode: str, ask: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - JavaScript
        """Run a request in a transaction; return its result once the transaction is complete.

        Raises:
            KeepError: If it fails.
        """
        refusal = f"This device keeps no {self._what}: its storage is full or switched off."
        try:
            opening = self._open()
            if not await _happens(opening, "success", "error"):
                raise KeepError(refusal)
            database = opening.result
            try:
                transaction = database.transaction(self._what, mode)
                request = ask(transaction.objectStore(self._what))
                if not await _happens(transaction, "complete", "abort"):
                    raise KeepError(refusal)
                return request.result
            finally:
                database.close()
        except JsException:
            raise KeepError(refusal) from None

    def _open(self) -> Any:  # noqa: ANN401 - a JavaScript request
        request = indexedDB.open(f"glassbooth-{self._what}", 1)

        def make(_event: object) -> None:
            request.result.createObjectStore(self._what, autoIncrement=True)

        request.onupgradeneeded = create_once_callable(make)
        return request


async def _happens(target: Any, good: str, bad: str) -> bool:  # noqa: ANN401 - a JavaScript object
    """Wait for one of two events; return whether it was the first."""
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
