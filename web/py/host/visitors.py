"""What is kept of a visitor's works once they have left: all of it, unless the booth is a kiosk."""

from js import document

EVERYTHING = 1_000_000
"""Works: more than any device holds."""


def works_kept() -> int:
    """Return how many of the latest works stay when a visitor leaves."""
    root = document.documentElement
    return int(root.dataset.keeps) if root.hasAttribute("data-keeps") else EVERYTHING


def keep_works(count: int) -> None:
    """Say how many of the latest works stay from now on."""
    document.documentElement.dataset.keeps = str(count)
