"""Times and durations formatted for people."""

from js import Date

_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def now() -> float:
    """Return the current time in ms since 1970."""
    return float(Date.now())


def local(ms: float) -> str:
    """Format a time in ms since 1970 as date and time in the device's locale."""
    return str(Date.new(ms).toLocaleString())


def duration(seconds: float) -> str:
    """Format a duration with its two largest units."""
    left, parts = round(seconds), []
    for size, unit in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"
