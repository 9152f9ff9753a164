"""Activity of the current visitor, and the number of works kept after they leave."""

from host import kiosk, page

EVERYTHING = 1_000_000
"""Number of works that stands for no limit."""

_seen = -1e9
_kept: int | None = None


def seen() -> None:
    """Record activity without touch, such as movement before the camera."""
    global _seen  # noqa: PLW0603 - there is one visitor
    _seen = page.now()


def last_seen() -> float:
    """Return the time of the last activity without touch; s on the page's clock."""
    return _seen / 1000


def works_kept() -> int:
    """Return how many of the latest works are kept: by default all, in a kiosk none."""
    if _kept is None:
        return 0 if kiosk.exhibits() else EVERYTHING
    return _kept


def keep_works(count: int) -> None:
    """Set how many of the latest works are kept."""
    global _kept  # noqa: PLW0603 - there is one booth
    _kept = count
