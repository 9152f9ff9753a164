"""The router: opens the exhibit that the address names, when it is first visited.

What the first answer does not need is imported when it is: each module takes some time to start.
"""

from importlib import import_module

from api.request import Request
from host import engine, kiosk, local_api, page

TITLES = {
    "": "Glassbooth",
    "digits": "Draw a digit",
    "identify": "What is in the picture",
    "detect": "Where things are",
    "dance": "Dance with it",
    "design": "Design with it",
    "check": "Check this device",
}
"""The pages by what stands behind ``#/`` in the address, and what they are called."""

_opened: set[str] = {""}


def start() -> None:
    """Bring the page to life: the engine's first model, then the exhibit in view."""
    page.mark("glass:python")
    local_api.serve(_answer)
    page.on_address(show)
    page.start(_begin())


async def _begin() -> None:
    try:
        model = await engine.load("digits")
    except engine.EngineError as error:
        page.set_state("failed")
        page.fail(str(error), _begin)
        return
    page.mark("glass:model")
    engine.show(model)
    await show()
    page.set_state("ready")
    if kiosk.exhibits():
        page.start(import_module("attendant.attendant").Attendant(show).run())


async def _answer(request: Request) -> tuple[int, str]:
    """Answer the local API, which few visits use."""
    status, text = await import_module("api.service").answer(request)
    return int(status), str(text)


async def show() -> None:
    """Open the exhibit in view, unless it is open already; an unknown address is the gallery."""
    name = page.address() if page.address() in TITLES else ""
    page.set_title(f"{TITLES[name]} - Glassbooth" if name else TITLES[name])
    page.set_current_link(name)
    if name in _opened:
        return
    _opened.add(name)
    try:
        await import_module(f"exhibits.{name}").open()
    except engine.EngineError as error:
        _opened.discard(name)
        page.fail(str(error), show)
