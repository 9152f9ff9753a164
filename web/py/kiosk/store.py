"""Settings and number of visitors, stored on the device."""

import secrets
from dataclasses import replace

from host import kiosk, page, site, storage
from kiosk.pin import hashed
from kiosk.settings import Settings, SettingsError

_SETTINGS, _VISITORS = "glassbooth:kiosk:settings", "glassbooth:kiosk:visitors"


class Store:
    """The operator's settings, and the number of visitors."""

    def __init__(self) -> None:
        self.visitors = 0
        self.settings = self._read()
        counted = storage.read(_VISITORS)
        self.before = int(counted) if counted.isdigit() else 0

    def _read(self) -> Settings:
        """Return the settings: stored ones override the address's, which override the booth's."""
        settings = replace(Settings(kiosk.exhibits()), **site.current().kiosk)
        try:
            settings = settings.with_address(kiosk.parameters())
            kept = storage.read(_SETTINGS)
            return settings.with_json(kept, kiosk.known()) if kept else settings
        except SettingsError as error:
            page.fail(str(error))
            return settings

    def keep(self, **changes: object) -> None:
        """Change and store some of the settings.

        Raises:
            SettingsError: If they are invalid, or the device has no storage.
        """
        self.settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        if not storage.write(_SETTINGS, self.settings.to_json()):
            raise SettingsError("The device's storage is full: this holds until the next reload.")

    def keep_pin(self, pin: str) -> None:
        """Set the PIN.

        Raises:
            SettingsError: As `keep`.
        """
        salt = secrets.token_hex(16)
        self.keep(salt=salt, pin=hashed(pin, salt))

    def count_visitor(self) -> None:
        """Count a visitor."""
        self.visitors += 1
        storage.write(_VISITORS, str(self.before + self.visitors))
