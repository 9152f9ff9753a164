"""Digits on the screen: a kiosk has no keyboard. Where there is one, it works as well."""

from collections.abc import Callable

from host import page
from kiosk.pin import LONGEST


class Keypad:
    """Asks for a PIN, as often as it is opened."""

    def __init__(self) -> None:
        self._digits = ""
        self._take: Callable[[str], object] = lambda _pin: None
        page.on_press(page.find("kiosk-pin"), lambda button: self._press(str(button.dataset.key)))
        page.on_key(page.find("kiosk-pin"), self._type)

    def ask(self, title: str, take: Callable[[str], object]) -> None:
        """Ask for a PIN, and call a function with each one that is entered."""
        self._take = take
        page.find("kiosk-pin-title").textContent = title
        self.say("")
        page.set_dialog("kiosk-pin", True)

    def say(self, text: str) -> None:
        """Tell what is wrong with the PIN that was entered, and wait for another one."""
        self._digits = ""
        page.find("kiosk-pin-said").textContent = text
        self._show()

    def close(self) -> None:
        """Ask no longer."""
        self._digits = ""
        page.set_dialog("kiosk-pin", False)

    def _type(self, key: str) -> None:
        if key.isdigit() or key == "Backspace":
            self._press(key)

    def _press(self, key: str) -> None:
        if key == "Escape":
            self.close()
        elif key == "Enter":
            self._take(self._digits)
        elif key == "Backspace":
            self._digits = self._digits[:-1]
        elif len(self._digits) < LONGEST:
            self._digits += key
        self._show()

    def _show(self) -> None:
        count = len(self._digits)
        dots = page.find("kiosk-pin-dots")
        dots.textContent = "●" * count
        dots.setAttribute("aria-label", f"{count} digits" if count else "No digit yet")
