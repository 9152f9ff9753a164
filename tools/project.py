"""Where everything lies, relative to the repository's root."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Project:
    """A checkout (or, in tests, a folder that looks like one)."""

    root: Path

    @property
    def dist(self) -> Path:
        """The site, as it is to be hosted."""
        return self.root / "dist"

    @property
    def cache(self) -> Path:
        """What may be deleted at any time and is only slow to make again."""
        return self.root / ".cache"

    @property
    def venv(self) -> Path:
        """The project's own Python environment."""
        return self.root / ".venv"

    @property
    def node_modules(self) -> Path:
        """What npm installed."""
        return self.root / "node_modules"

    @property
    def web(self) -> Path:
        """Sources of the page, of the engine and of the Python that runs in the browser."""
        return self.root / "web"

    @property
    def models(self) -> Path:
        """One folder for each bundle."""
        return self.root / "models"

    @property
    def requirements(self) -> Path:
        """Pinned and hashed requirements, one file for each group."""
        return self.root / "requirements"


HERE = Project(Path(__file__).resolve().parent.parent)
