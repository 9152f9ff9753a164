"""Client of the kiosk's JavaScript half, which locks the page and watches over Python."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from js import document, location, performance
from pyodide.ffi import to_js

from host import page
from host.boundary import glassbooth


@dataclass(frozen=True)
class Recovery:
    """A failure, and its remedy.

    Attributes:
        at: Time of the last occurrence; ms since 1970.
        reason: A sentence.
        remedy: ``engine``, which recovered by itself, ``restart``, ``rebuild`` or ``reload``.
        times: Occurrences in a row.
    """

    at: float
    reason: str
    remedy: str
    times: int


def exhibits() -> tuple[str, ...]:
    """Return the kiosk's exhibits; empty if this is not a kiosk."""
    return tuple(str(name) for name in glassbooth.kiosk.exhibits)


def known() -> tuple[str, ...]:
    """Return all exhibits that a kiosk can show."""
    return tuple(str(name) for name in glassbooth.kiosk.known)


def title(name: str) -> str:
    """Return the title of an exhibit."""
    return str(document.querySelector(f'a.exhibit[href="#/{name}"] strong').textContent)


def version_waits() -> bool:
    """Return whether a newer version of the site is ready."""
    return glassbooth.update.waiting


def update() -> None:
    """Switch to the newer version."""
    glassbooth.update.accept()


def allow(names: tuple[str, ...]) -> None:
    """Set the kiosk's exhibits."""
    glassbooth.kiosk.exhibits = to_js(list(names))


def parameters() -> dict[str, str]:
    """Return the parameters of the address."""
    return dict(parse_qsl(str(location.search).removeprefix("?")))


def show_phase(phase: str) -> None:
    """Set the phase that the styles show: ``attract``, ``visit`` or ``asking``."""
    document.documentElement.dataset.kiosk = phase


def is_hidden() -> bool:
    """Return whether the page is hidden, and gets no frames."""
    return bool(document.hidden)


def touched() -> float:
    """Return the time of the last touch or key; s on the page's clock."""
    return float(glassbooth.kiosk.touched) / 1000


def beat() -> None:
    """Send the heartbeat."""
    glassbooth.kiosk.heartbeat.beat()


def patience() -> float:
    """Return the longest time without progress, in s."""
    return float(glassbooth.kiosk.heartbeat.patienceMs) / 1000


def may_reload() -> bool:
    """Return whether the last reload was long enough ago."""
    return bool(glassbooth.kiosk.heartbeat.mayReload)


def record(reason: str, remedy: str) -> None:
    """Add a recovery to the log."""
    glassbooth.kiosk.heartbeat.record(reason, remedy)


def reload(reason: str) -> None:
    """Reload the page, and log the reason."""
    glassbooth.kiosk.heartbeat.reload(reason)


def recoveries() -> list[Recovery]:
    """Return the log of recoveries, the oldest first."""
    return [
        Recovery(float(each.at), str(each.reason), str(each.remedy), int(each.times))
        for each in glassbooth.kiosk.heartbeat.recoveries
    ]


def leave() -> None:
    """Leave the kiosk: open the same page without its parameters."""
    location.replace(f"{location.pathname}#/{page.address()}")


def started() -> float:
    """Return the time at which the page was loaded; ms since 1970."""
    return float(performance.timeOrigin)
