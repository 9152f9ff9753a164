"""Settings of a kiosk, stored on the device as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

WORKS_KEPT = 50
"""Number of latest works that stay if any do; a dance has about 5 MB."""

SECONDS = {"idle": (1, 3600), "ask": (1, 120), "rotate": (1, 86_400)}
"""Range of each time, in s."""


class SettingsError(ValueError):
    """An invalid setting; the message is a sentence for people."""


@dataclass(frozen=True)
class Settings:
    """Settings of one kiosk.

    Attributes:
        exhibits: Exhibits to show, in turn.
        idle: Time without activity before a visitor is asked whether they are still there, in s.
        ask: Time to answer, in s.
        rotate: Time per exhibit in the attract loop, in s.
        camera: Browser's identifier of the camera; empty for any.
        keeps: Whether visitors' latest works stay on the device.
        salt: Salt of the PIN's hash.
        pin: Hash of the PIN; see `kiosk.pin`. Empty until the operator has set one.
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
            SettingsError: If there is no exhibit, or a time is out of range.
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
        """Return the settings with times from the address's parameters.

        Raises:
            SettingsError: If one is not a number, or out of range.
        """
        given: dict[str, Any] = {
            name: _number(name, parameters[name]) for name in SECONDS if name in parameters
        }
        return replace(self, **given)

    def with_json(self, text: str, known: tuple[str, ...]) -> Self:
        """Return the settings with values from JSON of `to_json`.

        Args:
            text: JSON, possibly of another version of the site; missing keys keep their values.
            known: Existing exhibits; others are dropped.

        Raises:
            SettingsError: If the JSON is invalid.
        """
        try:
            kept = json.loads(text)
            names = tuple(name for name in kept.pop("exhibits") if name in known)
            own = {name: kept[name] for name in asdict(self) if name in kept}
            return replace(self, **own, exhibits=names or self.exhibits)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise SettingsError("The booth's settings are damaged; they begin anew.") from error

    def to_json(self) -> str:
        """Return the settings as JSON."""
        values: dict[str, Any] = asdict(self)
        return json.dumps(values)


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SettingsError(f"?{name}={text}: give a number of seconds.") from None
