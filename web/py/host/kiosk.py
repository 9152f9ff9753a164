"""The kiosk's JavaScript side: it keeps the page where it is, and alive without Python."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from js import document, glassbooth, location, performance
from pyodide.ffi import to_js

from host import page


@dataclass(frozen=True)
class Recovery:
    """Something that went wrong, and what was done about it.

    Attributes:
        at: ms since 1970, of the last time.
        reason: A sentence.
        remedy: ``engine``, which helped itself, ``restart``, ``rebuild`` or ``reload``.
        times: How often it happened in a row.
    """

    at: float
    reason: str
    remedy: str
    times: int


def exhibits() -> tuple[str, ...]:
    """Return the exhibits that the address names; none if this is no kiosk."""
    return tuple(str(name) for name in glassbooth.kiosk.exhibits)


def known() -> tuple[str, ...]:
    """Return all exhibits that there are."""
    return tuple(str(name) for name in glassbooth.kiosk.known)


def title(name: str) -> str:
    """Return what an exhibit is called in the gallery."""
    return str(document.querySelector(f'a.exhibit[href="#/{name}"] strong').textContent)


def version_waits() -> bool:
    """Say whether a newer version of the site is ready."""
    return not page.find("update").hidden


def update() -> None:
    """Change to the newer version."""
    page.find("update-now").click()


def allow(names: tuple[str, ...]) -> None:
    """Stay with these exhibits from now on."""
    glassbooth.kiosk.exhibits = to_js(list(names))


def parameters() -> dict[str, str]:
    """Return what the address says behind its question mark."""
    return dict(parse_qsl(str(location.search).removeprefix("?")))


def show_phase(phase: str) -> None:
    """Tell the styles what goes on: ``attract``, ``visit`` or ``asking``."""
    document.documentElement.dataset.kiosk = phase


def is_hidden() -> bool:
    """Say whether nobody can see the page: then it stands still, as it should."""
    return bool(document.hidden)


def touched() -> float:
    """Return when the page was last touched, or a key pressed; s on the page's clock."""
    return float(glassbooth.kiosk.touched) / 1000


def beat() -> None:
    """Tell that Python is alive."""
    glassbooth.kiosk.heart.beat()


def patience() -> float:
    """Return for how many s anything may stand still."""
    return float(glassbooth.kiosk.heart.patienceMs) / 1000


def may_reload() -> bool:
    """Say whether the page was last loaded long enough ago."""
    return bool(glassbooth.kiosk.heart.mayReload)


def record(reason: str, remedy: str) -> None:
    """Write a recovery down."""
    glassbooth.kiosk.heart.record(reason, remedy)


def reload(reason: str) -> None:
    """Load the page anew, and write down why."""
    glassbooth.kiosk.heart.reload(reason)


def recoveries() -> list[Recovery]:
    """Return what was written down, the oldest first."""
    return [
        Recovery(float(each.at), str(each.reason), str(each.remedy), int(each.times))
        for each in glassbooth.kiosk.heart.recoveries
    ]


def leave() -> None:
    """Open the page as it is for everybody."""
    location.replace(f"{location.pathname}#/{page.address()}")


def started() -> float:
    """Return when the page was loaded; ms since 1970."""
    return float(performance.timeOrigin)
