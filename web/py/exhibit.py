"""The protocol of exhibits, with their own code or generated, and their registry."""

from functools import cache
from importlib import import_module
from typing import Protocol

from host import site
from host.site import ExhibitEntry


class Exhibit(Protocol):
    """A page of the booth.

    A module ``exhibits/NAME/exhibit.py`` has a function ``create(entry) -> Exhibit``.
    """

    async def open(self) -> None:
        """Initialize the page on its first visit.

        Raises:
            EngineError: If its network cannot be loaded; the next visit opens it again.
        """

    async def reset(self) -> None:
        """Clear the visitor's state; also called before `open`."""

    async def attract(self) -> None:
        """Run the attract loop until a visitor is seen or it is cancelled."""

    async def begin(self) -> None:
        """Start for a new visitor of an unattended booth."""


@cache
def find(name: str) -> Exhibit:
    """Return an exhibit of this booth, created on the first call.

    Args:
        name: As in the address, without ``#/``.

    Raises:
        KeyError: If there is no such exhibit.
    """
    entry = entries()[name]
    module = f"exhibits.{entry.page}.exhibit" if entry.page else "generated.exhibit"
    exhibit: Exhibit = import_module(module).create(entry)
    return exhibit


def entries() -> dict[str, ExhibitEntry]:
    """Return this booth's exhibits by name, in order."""
    return {entry.name: entry for entry in site.current().exhibits}
