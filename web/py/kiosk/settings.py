"""Settings of a kiosk, stored on the device as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

WORKS_KEPT = 50
"""Number of latest works that are kept, if any: a dance is about 5 MB."""

SECONDS = {"idle": (1, 3600), "ask": (1, 120), "rotate": (1, 86_400)}
"""Smallest and largest value of each setting."""


class SettingsError(ValueError):
    """A wrong setting; the message is a sentence for people."""


@dataclass(frozen=True)
class Settings:
    """Settings of one kiosk.

    Attributes:
        exhibits: Those that it shows, in turn.
        idle: s without a touch after which a visitor is asked whether they are still there.
        ask: s that they have for an answer.
        rotate: s after which the attract loop goes on to the next exhibit.
        camera: What the browser calls the camera that is asked for; empty for any.
        keeps: Whether the visitors' latest works stay on the device.
        salt: Of the PIN.
        pin: Its hash; see `kiosk.pin`. Empty until the operator has chosen one.
    """

    exhibits: tuple[str, ...]
    idle: float = 60.0
    ask: float = 10.0
    rotate: float = 90.0
    camera: str = ""
    keeps: bool = False
    salt: str = ""
    pin: str = ""

    def __post_init__(self) -> None:
        """Validate the settings.

        Raises:
            SettingsError: If there is no exhibit, or a time is out of its range.
        """
        if not self.exhibits:
            raise SettingsError("A booth shows at least one exhibit: choose one.")
        for name, (least, most) in SECONDS.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise SettingsError(
                    f"The setting '{name}' is {value:g} s; give {least:g} to {most:g}."
                )

    @property
    def works_kept(self) -> int:
        """Number of the latest works that are kept."""
        return WORKS_KEPT if self.keeps else 0

    def with_address(self, parameters: Mapping[str, str]) -> Self:
        """Return the settings with the times of the address's parameters.

        Raises:
            SettingsError: If one of them is no number, or out of its range.
        """
        given: dict[str, Any] = {
            name: _number(name, parameters[name]) for name in SECONDS if name in parameters
        }
        return replace(self, **given)

    def with_json(self, text: str, known: tuple[str, ...]) -> Self:
        """Return the settings with values that `to_json` wrote.

        Args:
            text: Of another version of the site, perhaps; what it does not know stays as it is.
            known: The exhibits that there are; others are left out.

        Raises:
            SettingsError: If it is damaged.
        """
        try:
            kept = json.loads(text)
            names = tuple(name for name in kept.pop("exhibits") if name in known)
            own = {name: kept[name] for name in asdict(self) if name in kept}
            return replace(self, **own, exhibits=names or self.exhibits)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise SettingsError("The booth's settings are damaged; they begin anew.") from error

    def to_json(self) -> str:
        """Return them as JSON."""
        values: dict[str, Any] = asdict(self)
        return json.dumps(values)


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SettingsError(f"?{name}={text}: give a number of seconds.") from None
