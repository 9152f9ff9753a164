"""The site as the build wrote it into the page: models, exhibits and file addresses."""

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
        sha256: Of the card, in hex.
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
        name: What stands behind ``#/`` in its address.
        page: Its folder in ``exhibits``; empty if its page is generated from a model's card.
        title: What people call it.
        text: One sentence about it.
        label: What the gallery writes above its title.
        models: Names of the models that it needs.
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
        version: Of all its files.
        title: What people call it.
        models: By name, in the order of their names.
        exhibits: In the order of the gallery.
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
        """Read the page's JSON; keys that only JavaScript uses are left out."""
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
        """Say whether a model comes with the first visit."""
        return self.models[model].card in self.first_visit

    def first_model(self, exhibit: str) -> str:
        """Return the model to load before the page of an exhibit is ready; empty for none.

        Args:
            exhibit: Its name; empty for the gallery, where a small model shows where models run.
        """
        wanted = [each.models[:1] for each in self.exhibits if each.name == exhibit]
        names = wanted[0] if wanted and wanted[0] else tuple(self.models)
        return next(filter(self.comes_at_once, names), "")


@cache
def current() -> Site:
    """Return the site that this page belongs to."""
    return Site.from_json(glassbooth.site.to_py())


def _entry(kind: type[_T], given: Mapping[str, Any]) -> _T:
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    return kind(**{key: value for key, value in given.items() if key in known})
