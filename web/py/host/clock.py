"""Times as people read them."""

from js import Date

_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def now() -> float:
    """Return the time of day in ms since 1970."""
    return float(Date.now())


def local(ms: float) -> str:
    """Return a time of day, with its date, as this device writes it; ms since 1970."""
    return str(Date.new(ms).toLocaleString())


def duration(seconds: float) -> str:
    """Return how long something takes: its two largest units."""
    left, parts = round(seconds), []
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"
