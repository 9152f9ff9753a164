"""The library that sites are built from: page, Python modules, engine, npm packages, Node scripts.

It is a checkout of the repository, or the folder ``glassbooth/data`` of an installed wheel, with
the same relative paths.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
DATA = PACKAGE / "data"
ROOT = DATA if DATA.is_dir() else PACKAGE.parent
"""Root of the library of this installation."""
SCRIPTS = ROOT / "glassbooth"
"""Folder of the scripts that run in Node."""


@dataclass(frozen=True)
class Library:
    """A library by its root; by default that of this installation."""

    root: Path = ROOT

    @property
    def web(self) -> Path:
        """Sources of the page, of the engine and of the Python that runs in the browser."""
        return self.root / "web"

    @property
    def node_modules(self) -> Path:
        """Packages of npm."""
        return self.root / "node_modules"

    @property
    def installed(self) -> bool:
        """Whether this is a wheel's data: complete and read-only."""
        return self.root == DATA

    @property
    def scripts(self) -> Path:
        """Bundled scripts that are the same on every site; only a wheel has them."""
        return self.root / "scripts"

    @property
    def cache(self) -> Path:
        """Cache folder, which may be deleted at any time."""
        if not self.installed:
            return self.root / ".cache"
        base = os.environ.get("XDG_CACHE_HOME")
        return (Path(base) if base else Path.home() / ".cache") / "glassbooth"

    @property
    def wheels(self) -> Path:
        """Folder of the page's numpy wheel; installed with the data, or fetched by a checkout."""
        return (self.root if self.installed else self.cache) / "wheels"
