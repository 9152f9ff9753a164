"""Site data that the build writes into the page: models, exhibits and addresses of files."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Self, TypeVar

from host.boundary import glassbooth

_T = TypeVar("_T")


@dataclass(frozen=True)
class ModelEntry:
    """A model of the site.

    Attributes:
        name: Its name in the site and in addresses.
        card: Address of its ``card.json``, relative to the site.
        sha256: Hash of the card, in hex.
        bytes: Size of its bundle.
        title: What people call it.
        input: Its input kind; empty if it has none.
        output: Its output kind; empty if it has none.
    """

    name: str
    card: str
    sha256: str
    bytes: int
    title: str
    input: str
    output: str

    @property
    def folder(self) -> str:
        """Address of its files, with a slash at the end."""
        return self.card.rpartition("/")[0] + "/"


@dataclass(frozen=True)
class ExhibitEntry:
    """An exhibit of the site.

    Attributes:
        name: Part of its address after ``#/``.
        page: Its folder in ``exhibits``; empty for a generated page.
        title: What people call it.
        text: One sentence about it.
        label: Label above its title in the gallery.
        models: Names of the models it needs.
        samples: Address of the folder of its samples, with a slash at the end; may be empty.
        kiosk: Whether a kiosk may show it.
    """

    name: str
    page: str
    title: str
    text: str
    label: str
    models: tuple[str, ...]
    samples: str
    kiosk: bool


@dataclass(frozen=True)
class Site:
    """The site.

    Attributes:
        version: Hash of all files.
        title: What people call it.
        models: Models by name, sorted.
        exhibits: Exhibits in the order of the gallery.
        first_visit: Bytes of the files that a first visit fetches, by address.
        kiosk: Defaults of a kiosk's settings.
    """

    version: str
    models: Mapping[str, ModelEntry]
    first_visit: Mapping[str, int]
    title: str
    exhibits: tuple[ExhibitEntry, ...]
    kiosk: Mapping[str, Any]

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """Parse the page's JSON; keys that only JavaScript uses are ignored."""
        return cls(
            version=given["version"],
            models={
                name: _entry(ModelEntry, {"name": name, **about})
                for name, about in given["models"].items()
            },
            first_visit=given["firstVisit"],
            title=given["title"],
            exhibits=tuple(
                _entry(ExhibitEntry, {**each, "models": tuple(each["models"])})
                for each in given["exhibits"]
            ),
            kiosk=given["kiosk"],
        )

    def comes_at_once(self, model: str) -> bool:
        """Return whether a model is part of the first visit."""
        return self.models[model].card in self.first_visit

    def first_model(self, exhibit: str) -> str:
        """Return the model to load before the page of an exhibit is ready; empty for none.

        Args:
            exhibit: Its name; empty for the gallery, which shows the backend of a small model.
        """
        wanted = [each.models[:1] for each in self.exhibits if each.name == exhibit]
        names = wanted[0] if wanted and wanted[0] else tuple(self.models)
        return next(filter(self.comes_at_once, names), "")


@cache
def current() -> Site:
    """Return the site of this page."""
    return Site.from_json(glassbooth.site.to_py())


def _entry(kind: type[_T], given: Mapping[str, Any]) -> _T:
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    return kind(**{key: value for key, value in given.items() if key in known})
