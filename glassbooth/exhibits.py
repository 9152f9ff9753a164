"""Resolves the exhibits of a booth: their pages, models and kinds."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glassbooth.booth import Booth, ExhibitConfig, TomlTable
from glassbooth.errors import BuildError

BOOTH_FOLDERS = ("exhibits", "inputs", "outputs", "sources", "views")
"""Folders of a booth that are overlaid on those of ``web/py``."""


@dataclass(frozen=True)
class Bundle:
    """A model bundle and its card."""

    name: str
    folder: Path
    card: dict[str, Any]

    @property
    def input(self) -> str:
        """Name of the input kind; empty if the card has none."""
        return str((self.card.get("input") or {}).get("kind", ""))

    @property
    def output(self) -> str:
        """Name of the output kind; empty if the card has none."""
        return str((self.card.get("output") or {}).get("kind", ""))


@dataclass(frozen=True)
class Exhibit:
    """An exhibit, resolved from its entry, its folder and the card of its model.

    Attributes:
        entry: Its entry in ``booth.toml``.
        title: Title of the page.
        text: Description, one or two sentences.
        label: Line above the title, such as "Exhibit 1".
        models: Bundles that it needs; the main one comes first.
        kiosk: Whether kiosk mode may show it.
        html: HTML file of its page; the template if the page is generated.
        parts: Source and view of a generated page: ``sources/KIND`` and ``views/KIND``.
        art: SVG picture for the gallery.
    """

    entry: ExhibitConfig
    title: str
    text: str
    label: str
    models: tuple[Bundle, ...]
    kiosk: bool
    html: Path
    parts: tuple[str, ...] = ()
    art: Path | None = None

    @property
    def name(self) -> str:
        """The part of its address after ``#/``."""
        return self.entry.name


class Layers:
    """The Python folders of a site: those of a booth, overlaid on the library's."""

    def __init__(self, library: Path, booth: Path) -> None:
        """Create an overlay.

        Args:
            library: The folder ``web/py``.
            booth: Folder of the booth; only its `BOOTH_FOLDERS` are used.
        """
        self._library, self._booth = library, booth

    def find(self, path: str) -> Path | None:
        """Return a file or folder by its relative path; `None` if it does not exist."""
        places = [self._library / path]
        if path.partition("/")[0] in BOOTH_FOLDERS:
            places.insert(0, self._booth / path)
        return next((place for place in places if place.exists()), None)

    def sources(self) -> dict[str, Path]:
        """Return all Python files by their path on the page.

        Raises:
            BuildError: A file of the booth has the path of one of the library's.
        """
        found = {
            path.relative_to(self._library).as_posix(): path for path in _python(self._library)
        }
        for folder in BOOTH_FOLDERS:
            own = self._booth / folder
            for path in _python(own) if own.is_dir() else ():
                name = path.relative_to(self._booth).as_posix()
                if name in found and path.name != "__init__.py":
                    raise BuildError(f"{path}: Glassbooth has a {name} itself; rename yours.")
                found.setdefault(name, path)
        return found


def _python(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if "__pycache__" not in path.parts)


def resolve(booth: Booth, layers: Layers) -> list[Exhibit]:
    """Return a booth's exhibits in gallery order.

    Raises:
        BuildError: A page, a model or a kind is missing, or an ``exhibit.toml`` is invalid.
    """
    found: list[Exhibit] = []
    numbered = 0
    for entry in booth.exhibits:
        exhibit = _page(entry, booth, layers) if entry.page else _generated(entry, booth, layers)
        if not exhibit.label:
            numbered += 1
            exhibit = _with_label(exhibit, f"Exhibit {numbered}")
        found.append(exhibit)
    return found


def _with_label(exhibit: Exhibit, label: str) -> Exhibit:
    return Exhibit(**{**vars(exhibit), "label": label})


def _page(entry: ExhibitConfig, booth: Booth, layers: Layers) -> Exhibit:
    folder = layers.find(f"exhibits/{entry.page}")
    if folder is None or not (folder / "exhibit.toml").is_file():
        raise BuildError(
            f"{booth.root / 'booth.toml'}: there is no page {entry.page!r}: "
            f"exhibits/{entry.page}/exhibit.toml is missing."
        )
    path = folder / "exhibit.toml"
    try:
        table = TomlTable(tomllib.loads(path.read_text(encoding="utf-8")), str(path))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BuildError(f"{path}: is not TOML that can be read: {error}.") from None
    for name in ("exhibit.py", "page.html"):
        if not (folder / name).is_file():
            raise BuildError(f"{folder / name} is missing: an exhibit with code of its own has it.")
    title, text = table.text("title", required=not entry.title), table.text("text")
    kiosk = table.flag("kiosk")
    exhibit = Exhibit(
        entry=entry,
        title=entry.title or title,
        text=entry.text or text,
        label=table.text("label"),
        models=tuple(read_model(booth, name, str(path)) for name in table.texts("models")),
        kiosk=True if kiosk is None else kiosk,
        html=folder / "page.html",
        art=_existing(folder / "art.svg"),
    )
    table.end()
    return exhibit


def _generated(entry: ExhibitConfig, booth: Booth, layers: Layers) -> Exhibit:
    model = read_model(booth, entry.model, str(booth.root / "booth.toml"))
    parts = (f"sources/{model.input}", f"views/{model.output}")
    for part, kind in zip(parts, (model.input, model.output), strict=True):
        if not kind:
            raise BuildError(
                f"{model.folder / 'card.json'} names no input kind or no output kind: convert the "
                "model again with --task, or with --input and --output."
            )
        if layers.find(f"{part}.py") is None:
            raise BuildError(f"{model.folder / 'card.json'}: {part}.py is missing for its page.")
    html = layers.find("generated/page.html")
    assert html, "the library is complete"
    return Exhibit(
        entry=entry,
        title=entry.title or str(model.card["title"]),
        text=entry.text,
        label="",
        models=(model,),
        kiosk=True,
        html=html,
        parts=parts,
        art=layers.find(f"{parts[1]}.svg"),
    )


def read_model(booth: Booth, name: str, where: str) -> Bundle:
    """Return a bundle of the booth.

    Raises:
        BuildError: There is none of this name, or its card is invalid.
    """
    folder = booth.models / name
    try:
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BuildError(
            f"{where}: needs the model {name!r}, and {folder} has no card.json. Convert it, or "
            "leave the exhibit out."
        ) from None
    except ValueError as error:
        raise BuildError(
            f"{folder / 'card.json'}: is not JSON that can be read: {error}."
        ) from None
    if not isinstance(card, dict) or card.get("format") != 2 or card.get("name") != name:
        raise BuildError(
            f"{folder / 'card.json'}: expected format 2 and the name {name!r}: convert the model "
            "again."
        )
    return Bundle(name, folder, card)


def models_of(exhibits: Sequence[Exhibit]) -> dict[str, Bundle]:
    """Return all bundles that exhibits need, by name, sorted."""
    found = {model.name: model for exhibit in exhibits for model in exhibit.models}
    return dict(sorted(found.items()))


def _existing(path: Path) -> Path | None:
    return path if path.is_file() else None
