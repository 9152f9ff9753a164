"""Networks that the visitor keeps for offline use, beside what every visit keeps."""

from collections.abc import Callable

from js import glassbooth
from pyodide.ffi import create_proxy

from host.engine import call_verb

Handler = Callable[[int], object]


def size(model: str) -> int:
    """Return the bytes of a model; 0 if a first visit brings it anyway, or nothing can be kept."""
    about = getattr(glassbooth.site.models, model)
    at_once = hasattr(glassbooth.site.firstVisit, about.card)
    return 0 if at_once or not glassbooth.kept.possible else int(about.bytes)


async def has(model: str) -> bool:
    """Tell whether a model is kept."""
    return bool(await call_verb(glassbooth.kept.has(model)))


async def keep(model: str, on_bytes: Handler) -> None:
    """Keep a model, and ask the browser not to clear it away.

    Args:
        model: Its name.
        on_bytes: Called with all the bytes that have come so far.

    Raises:
        EngineError: If it cannot be fetched, or there is no room; then nothing of it is kept.
    """
    done = 0

    def count(fresh: int) -> None:
        nonlocal done
        done += int(fresh)
        on_bytes(done)

    proxy = create_proxy(count)
    try:
        await call_verb(glassbooth.kept.keep(model, proxy))
    finally:
        proxy.destroy()


async def remove(model: str) -> None:
    """Keep a model no longer."""
    await call_verb(glassbooth.kept.remove(model))
