"""Plans a site: its exhibits, models, Python modules and style sheets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from glassbooth.booth import Booth
from glassbooth.errors import BuildError
from glassbooth.exhibits import Bundle, Exhibit, Layers, models_of, resolve
from glassbooth.library import Library
from glassbooth.modules import modules_for

STYLES = ("kiosk", "operator", "base", "frame", "gallery", "components")
"""Style sheets of every page, in order."""


@dataclass(frozen=True)
class Plan:
    """The inputs of a site's build.

    Attributes:
        library: Page, engine and tools.
        booth: The booth's description.
        layers: Python folders of library and booth.
        exhibits: Exhibits of the booth.
        models: Bundles that the exhibits need, by name.
        modules: Python files that the exhibits need, by their path on the page.
        styles: Style sheets that the exhibits need, in order.
    """

    library: Library
    booth: Booth
    layers: Layers
    exhibits: list[Exhibit]
    models: dict[str, Bundle]
    modules: dict[str, Path]
    styles: list[Path]


def plan(library: Library, booth: Booth) -> Plan:
    """Resolve everything that a booth's site needs; nothing is written.

    Raises:
        BuildError: Something is missing or invalid.
    """
    layers = Layers(library.web / "py", booth.root)
    exhibits = resolve(booth, layers)
    modules = modules_for(layers.sources(), exhibits)
    styles = [library.web / "css" / f"{name}.css" for name in STYLES]
    missing = next((path for path in styles if not path.is_file()), None)
    if missing:
        raise BuildError(f"{missing} is missing: restore it and build again.")
    styles += filter(None, (layers.find(path) for path in _own_styles(exhibits)))
    return Plan(library, booth, layers, exhibits, models_of(exhibits), modules, styles)


def _own_styles(exhibits: list[Exhibit]) -> list[str]:
    """Return the possible paths of the exhibits' style sheets, without duplicates."""
    paths: dict[str, None] = {}
    for exhibit in exhibits:
        if exhibit.parts:
            paths["generated/style.css"] = None
            paths.update(dict.fromkeys(f"{part}.css" for part in exhibit.parts))
        else:
            paths[f"exhibits/{exhibit.entry.page}/style.css"] = None
    return list(paths)
