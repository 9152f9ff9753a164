"""Models kept for offline use on request, besides those of the first visit."""

from collections.abc import Callable

from pyodide.ffi import create_proxy

from host import site
from host.boundary import glassbooth
from host.engine import call_verb

Handler = Callable[[int], object]


def size(model: str) -> int:
    """Return the bytes of a model; 0 if the first visit includes it, or nothing can be kept."""
    about = site.current().models[model]
    at_once = about.card in site.current().first_visit
    return 0 if at_once or not glassbooth.offlineModels.possible else about.bytes


async def has(model: str) -> bool:
    """Return whether a model is kept."""
    return await call_verb(glassbooth.offlineModels.has(model))


async def keep(model: str, on_bytes: Handler) -> None:
    """Keep a model, and request persistent storage.

    Args:
        model: Its name.
        on_bytes: Called with the number of bytes received so far.

    Raises:
        EngineError: If it cannot be fetched, or there is no room; no file of it is kept then.
    """
    done = 0

    def count(fresh: int) -> None:
        nonlocal done
        done += int(fresh)
        on_bytes(done)

    proxy = create_proxy(count)
    try:
        await call_verb(glassbooth.offlineModels.keep(model, proxy))
    finally:
        proxy.destroy()


async def remove(model: str) -> None:
    """Remove a kept model."""
    await call_verb(glassbooth.offlineModels.remove(model))
