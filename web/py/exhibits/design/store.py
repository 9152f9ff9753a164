"""Designs stored on this device."""

from exhibits.design import design
from exhibits.design.design import Sheet
from host import clock
from host.object_store import ObjectStore

_STORE = ObjectStore("designs")


async def keep(sheet: Sheet) -> None:
    """Store a design.

    Raises:
        KeepError: If the device has no room, or the browser keeps nothing.
    """
    await _STORE.add({"design": design.to_json(sheet), "at": clock.now()})


async def kept() -> list[tuple[int, Sheet]]:
    """Return all stored designs with their keys, the latest first.

    Entries of other versions of the site that cannot be read are skipped, not deleted.

    Raises:
        KeepError: If the browser keeps nothing.
    """
    found = []
    for number, thing in await _STORE.all():
        try:
            found.append((number, design.from_json(str(thing.design))))
        except ValueError as error:
            print(error)
    return found


async def forget(number: int) -> None:
    """Delete a design.

    Raises:
        KeepError: If the browser keeps nothing.
    """
    await _STORE.remove(number)
