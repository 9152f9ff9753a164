"""Reads and checks a booth, which a maker describes in ``booth.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glassbooth.errors import BuildError
from glassbooth.samples import read_samples

FILE = "booth.toml"
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
"""Exhibit names: the part of an address after ``#/``."""
RESERVED = re.compile(r"api|gallery|kiosk(-.*)?")
"""Names whose element ids would clash with those of built-in pages."""


@dataclass(frozen=True)
class ExhibitConfig:
    """An exhibit as ``booth.toml`` lists it.

    Attributes:
        name: The part of its address after ``#/``.
        model: Bundle whose page is generated; empty if the exhibit has its own code.
        page: Folder of its code in ``exhibits/``; empty if the page is generated.
        title: Overrides the title of the card or folder; empty to keep it.
        text: Overrides the text of the folder; empty to keep it.
        samples: Folder with samples and their ``samples.json``, if there is one.
    """

    name: str
    model: str = ""
    page: str = ""
    title: str = ""
    text: str = ""
    samples: Path | None = None


@dataclass(frozen=True)
class Booth:
    """A booth as its maker describes it.

    Attributes:
        root: Folder with ``booth.toml``, ``models/`` and optional Python modules.
        title: Name of the booth.
        paragraphs: Text of the gallery; the first of two or more is the heading.
        languages: Languages of the texts; the first is the page's.
        exhibits: Exhibits in gallery order.
        example: Page that is shipped with its folder and linked below the gallery.
        kiosk: Defaults of kiosk mode, by setting.
    """

    root: Path
    title: str
    paragraphs: tuple[str, ...]
    exhibits: tuple[ExhibitConfig, ...]
    languages: tuple[str, ...] = ("en",)
    example: Path | None = None
    kiosk: Mapping[str, float | bool] = field(default_factory=dict)

    @property
    def models(self) -> Path:
        """Folder of the bundles."""
        return self.root / "models"


def read_booth(root: Path) -> Booth:
    """Read and check the booth in a folder.

    Raises:
        BuildError: ``booth.toml`` is missing, or one of its keys is invalid; the text names it.
    """
    path = root / FILE
    if not path.is_file():
        raise BuildError(f"{path} is missing: a booth is a folder with a {FILE}.")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BuildError(f"{path}: is not TOML that can be read: {error}.") from None
    table = TomlTable(raw, str(path))
    booth = Booth(
        root=root,
        title=table.text("title", required=True),
        paragraphs=_paragraphs(table.text("text")),
        languages=tuple(table.texts("languages")) or ("en",),
        exhibits=tuple(_entry(each, root) for each in table.tables("exhibit")),
        example=_example(table, root),
        kiosk=_kiosk(table.table("kiosk")),
    )
    table.end()
    _check_names(booth, path)
    return booth


def _example(table: TomlTable, root: Path) -> Path | None:
    path = table.path("example", root)
    if path and (not path.is_file() or path.parent == root.resolve()):
        raise BuildError(
            f"{table.where}: example: expected a page in a folder of its own, which ships with it."
        )
    return path


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"\n\s*\n", text) if part.strip())


def _entry(table: TomlTable, root: Path) -> ExhibitConfig:
    model, page = table.text("model"), table.text("page")
    if bool(model) == bool(page):
        raise BuildError(
            f"{table.where}: expected either 'model', for the page that any model gets, or 'page', "
            "for an exhibit with code of its own."
        )
    name = table.text("name") or model or page
    if not NAME.fullmatch(name) or RESERVED.fullmatch(name):
        raise BuildError(
            f"{table.where}: {name!r} cannot be in an address: a name has small letters, "
            "numbers and dashes, and is neither api, gallery nor kiosk."
        )
    if "/" in model + page or "\\" in model + page or ".." in (model, page):
        raise BuildError(f"{table.where}: {model or page!r} is a path: give the folder's name.")
    if model and not (root / "models" / model / "card.json").is_file():
        raise BuildError(
            f"{table.where}: there is no model {model!r}: {root / 'models' / model} has no "
            "card.json. Convert it, or correct the name."
        )
    samples = table.path("samples", root)
    if samples:
        read_samples(samples)
    entry = ExhibitConfig(name, model, page, table.text("title"), table.text("text"), samples)
    table.end()
    return entry


KIOSK = {"idle": (1, 3600), "ask": (1, 120), "rotate": (1, 86_400)}
"""Minimum and maximum of each time in seconds, as in ``kiosk.settings``."""


def _kiosk(table: TomlTable) -> dict[str, float | bool]:
    found: dict[str, float | bool] = {}
    for name, (least, most) in KIOSK.items():
        seconds = table.number(name)
        if seconds is not None:
            if not least <= seconds <= most:
                raise BuildError(f"{table.where}: {name} is {seconds:g} s; give {least} to {most}.")
            found[name] = seconds
    keeps = table.flag("keeps")
    if keeps is not None:
        found["keeps"] = keeps
    table.end()
    return found


def _check_names(booth: Booth, path: Path) -> None:
    if not booth.exhibits:
        raise BuildError(f'{path}: lists no exhibit: add [[exhibit]] with model = "NAME".')
    names = [entry.name for entry in booth.exhibits]
    double = next((name for name in names if names.count(name) > 1), None)
    if double:
        raise BuildError(f"{path}: two exhibits are called {double!r}: give one another 'name'.")
    pages = [entry.page for entry in booth.exhibits if entry.page]
    double = next((page for page in pages if pages.count(page) > 1), None)
    if double:
        raise BuildError(f"{path}: two exhibits have the page {double!r}: there can be one.")


class TomlTable:
    """A TOML table that checks types on access and rejects keys that were never read."""

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        self.where = where
        self._left = dict(values)
        self._known: list[str] = []

    def text(self, key: str, *, required: bool = False) -> str:
        """Return a string; empty if the key is missing."""
        value = self._take(key, str, "text")
        if required and not value:
            raise BuildError(f"{self.where}: {key} is missing.")
        return value or ""

    def texts(self, key: str) -> list[str]:
        """Return a list of strings; empty if the key is missing."""
        value = self._take(key, list, "a list of texts") or []
        if not all(isinstance(each, str) for each in value):
            raise BuildError(f"{self.where}: {key}: expected a list of texts, got {value!r}.")
        return list(value)

    def flag(self, key: str) -> bool | None:
        """Return a boolean; `None` if the key is missing."""
        value: bool | None = self._take(key, bool, "true or false")
        return value

    def number(self, key: str) -> float | None:
        """Return a number; `None` if the key is missing."""
        value = self._take(key, (int, float), "a number")
        return None if value is None else float(value)

    def path(self, key: str, root: Path) -> Path | None:
        """Return an existing path below `root`; `None` if the key is missing."""
        text = self.text(key)
        if not text:
            return None
        path = (root / text).resolve()
        if not path.exists() or not path.is_relative_to(root.resolve()):
            raise BuildError(f"{self.where}: {key}: there is no {text} in {root}.")
        return path

    def table(self, key: str) -> TomlTable:
        """Return a nested table; empty if the key is missing."""
        return TomlTable(self._take(key, dict, "a table") or {}, f"{self.where}, [{key}]")

    def tables(self, key: str) -> list[TomlTable]:
        """Return an array of nested tables; empty if the key is missing."""
        expected = f"tables, each after a line [[{key}]]"
        value = self._take(key, list, expected) or []
        if not all(isinstance(each, dict) for each in value):
            raise BuildError(f"{self.where}: {key}: expected {expected}, got {value!r}.")
        return [
            TomlTable(each, f"{self.where}, {key} {number}") for number, each in enumerate(value, 1)
        ]

    def end(self) -> None:
        """Reject unknown keys: those that were never read.

        Raises:
            BuildError: A key is unknown.
        """
        for key in self._left:
            raise BuildError(
                f"{self.where}: {key!r} is unknown; known are {', '.join(self._known)}."
            )

    def _take(self, key: str, kind: type | tuple[type, ...], expected: str) -> Any:  # noqa: ANN401
        self._known.append(key)
        value = self._left.pop(key, None)
        fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if value is not None and not fits:
            raise BuildError(f"{self.where}: {key}: expected {expected}, got {value!r}.")
        return value
