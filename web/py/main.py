"""The router: opens the exhibit in the address on its first visit.

What the first answer does not need is imported when it is: each module takes some time to start.
"""

from importlib import import_module

import exhibit
from api.request import Request
from host import engine, kiosk, local_api, page, site

_opened: set[str] = set()


def start() -> None:
    """Start the page: the exhibit in view, the local API, and the kiosk if this is one."""
    page.mark("glass:python")
    local_api.serve(_answer)
    page.on_address(show)
    page.start(_begin())


async def _begin() -> None:
    try:
        await _load_first()
        await _open(_in_view())
    except engine.EngineError as error:
        page.set_state("failed")
        page.fail(str(error), _begin)
        return
    page.set_state("ready")
    if kiosk.exhibits():
        page.start(import_module("kiosk.unattended").Kiosk(show).run())


async def _load_first() -> None:
    """Load the network that the page in view needs first, and show its backend."""
    first = site.current().first_model(_in_view())
    if first:
        engine.show(await engine.load(first))


async def _answer(request: Request) -> tuple[int, str]:
    """Serve the local API; imported late, as few visits use it."""
    status, text = await import_module("api.service").answer(request)
    return int(status), str(text)


def _in_view() -> str:
    """Return the exhibit in view; empty for the gallery, also for unknown addresses."""
    name = page.address()
    return name if name in exhibit.entries() else ""


async def show() -> None:
    """Open the exhibit in view, unless it is open already."""
    try:
        await _open(_in_view())
    except engine.EngineError as error:
        page.fail(str(error), show)


async def _open(name: str) -> None:
    """Open an exhibit on its first visit.

    Raises:
        EngineError: If its network cannot be loaded.
    """
    title = exhibit.entries()[name].title if name else ""
    page.set_title(f"{title} - {site.current().title}" if title else site.current().title)
    page.set_current_link(name)
    if not name or name in _opened:
        return
    _opened.add(name)
    try:
        await exhibit.find(name).open()
    except engine.EngineError:
        _opened.discard(name)
        raise
