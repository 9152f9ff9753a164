"""The developers' checkout and the paths of its folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from glassbooth.library import ROOT, Library


@dataclass(frozen=True)
class Project(Library):
    """A checkout (or, in tests, a folder that looks like one)."""

    @property
    def dist(self) -> Path:
        """The built site."""
        return self.root / "dist"

    @property
    def venv(self) -> Path:
        """The project's own Python environment."""
        return self.root / ".venv"

    @property
    def models(self) -> Path:
        """Folder of the bundles, each in a folder of its own."""
        return self.root / "models"

    @property
    def requirements(self) -> Path:
        """Folder of pinned and hashed requirements, one file for each group."""
        return self.root / "requirements"


HERE = Project(ROOT)
