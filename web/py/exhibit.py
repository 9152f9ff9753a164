"""Exhibits: what each page of a booth can do, whether it has code of its own or is generated."""

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
        """Bring the page to life, when it is visited for the first time.

        Raises:
            EngineError: If its network cannot be loaded; it is then opened again.
        """

    async def reset(self) -> None:
        """Forget the visitor; also called before `open`."""

    async def attract(self) -> None:
        """Show what the exhibit does, for ever; return once a visitor is seen."""

    async def begin(self) -> None:
        """Start for a visitor who has just come to an unattended booth."""


@cache
def find(name: str) -> Exhibit:
    """Return an exhibit of this booth, created when it is asked for first.

    Args:
        name: As in the address, without ``#/``.

    Raises:
        KeyError: If there is none.
    """
    entry = entries()[name]
    module = f"exhibits.{entry.page}.exhibit" if entry.page else "generated.exhibit"
    exhibit: Exhibit = import_module(module).create(entry)
    return exhibit


def entries() -> dict[str, ExhibitEntry]:
    """Return this booth's exhibits by their names, in their order."""
    return {entry.name: entry for entry in site.current().exhibits}
