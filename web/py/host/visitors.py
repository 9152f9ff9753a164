"""What is kept of a visitor's works once they have left: all of it, unless the booth is a kiosk."""

from js import document

from host import page

EVERYTHING = 1_000_000
"""Works: more than any device holds."""


_seen = -1e9


def seen() -> None:
    """Say that the visitor is at it, though they touch nothing: they dance, or move their hands."""
    global _seen  # noqa: PLW0603 - there is one visitor
    _seen = page.now()


def last_seen() -> float:
    """Return when the visitor was last seen at it; s on the page's clock."""
    return _seen / 1000


def works_kept() -> int:
    """Return how many of the latest works stay when a visitor leaves."""
    root = document.documentElement
    return int(root.dataset.keeps) if root.hasAttribute("data-keeps") else EVERYTHING


def keep_works(count: int) -> None:
    """Say how many of the latest works stay from now on."""
    document.documentElement.dataset.keeps = str(count)
