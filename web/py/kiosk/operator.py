"""Operator access: a long press in the corner, a PIN, then the panel."""

import asyncio
from collections.abc import Callable

from host import kiosk, page
from kiosk.health import Health
from kiosk.keypad import Keypad
from kiosk.offline_models import OfflineModels
from kiosk.panel import Panel
from kiosk.pin import LONGEST, SHORTEST, Door, is_possible
from kiosk.settings import Settings, SettingsError
from kiosk.store import Store

PRESS_SECONDS = 3.0
"""Duration of the long press, in s: too long to happen by accident."""

LEFT_OPEN = 120.0
"""Time without a touch after which an open panel is closed, in s."""


class Operator:
    """Opens and closes the operator's panel."""

    def __init__(
        self,
        store: Store,
        health: Health,
        offline_models: OfflineModels,
        apply: Callable[[Settings], object],
    ) -> None:
        """Listen for the long press; `apply` is called with changed settings."""
        self._store = store
        self._door = Door()
        self._keypad = Keypad()
        self._panel = Panel(store, health, offline_models, apply, self._choose_pin)
        self._pressing: asyncio.TimerHandle | None = None
        self._touched = False
        corner = page.find("kiosk-corner")
        page.on(corner, "pointerdown", self._press)
        for event in ("pointerup", "pointerleave", "pointercancel"):
            page.on(corner, event, self._let_go)
        page.on(corner, "click", self._click)

    def update(self, time: float) -> None:
        """Refresh the panel; close it, or the keypad, if left open."""
        if page.is_open("kiosk-pin") or page.is_open("kiosk-panel"):
            if time - kiosk.touched() > LEFT_OPEN:
                self.close()
            else:
                self._panel.update(time)

    def close(self) -> None:
        """Close panel and keypad."""
        self._keypad.close()
        page.set_dialog("kiosk-panel", False)

    def _press(self) -> None:
        self._touched = True
        self._let_go()
        loop = asyncio.get_running_loop()
        self._pressing = loop.call_later(PRESS_SECONDS, self._knock)

    def _let_go(self) -> None:
        if self._pressing:
            self._pressing.cancel()
            self._pressing = None

    def _click(self) -> None:
        """Handle a click; one without a preceding touch comes from a keyboard."""
        if not self._touched:
            self._knock()
        self._touched = False

    def _knock(self) -> None:
        if self._store.settings.pin:
            self._keypad.ask("PIN", self._enter)
        else:
            self._choose_pin()

    def _enter(self, pin: str) -> None:
        settings, now = self._store.settings, page.now() / 1000
        if self._door.admits(now, pin, settings.salt, settings.pin):
            self._keypad.close()
            self._panel.open()
            return
        wait = self._door.wait(now)
        self._keypad.say(f"Try again in {wait:.0f} s" if wait else "That is not the PIN")

    def _choose_pin(self) -> None:
        self._keypad.ask(f"Choose a PIN of {SHORTEST} to {LONGEST} digits", self._take_new)

    def _take_new(self, pin: str) -> None:
        if is_possible(pin):
            self._keypad.ask("The same PIN again", lambda again: self._confirm(pin, again))
        else:
            self._keypad.say(f"Give {SHORTEST} to {LONGEST} digits")

    def _confirm(self, pin: str, again: str) -> None:
        if pin != again:
            self._choose_pin()
            self._keypad.say("These were two PINs: choose once more")
            return
        self._keypad.close()
        try:
            self._store.keep_pin(pin)
        except SettingsError as error:
            self._panel.say(str(error))
        self._panel.open()
