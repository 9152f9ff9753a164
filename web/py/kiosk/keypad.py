"""An on-screen keypad for PINs; a keyboard works as well."""

from collections.abc import Callable

from host import page
from kiosk.pin import LONGEST


class Keypad:
    """Dialog that asks for a PIN."""

    def __init__(self) -> None:
        self._digits = ""
        self._take: Callable[[str], object] = lambda _pin: None
        page.on_press(page.find("kiosk-pin"), lambda button: self._press(str(button.dataset.key)))
        page.on_key(page.find("kiosk-pin"), self._type)

    def ask(self, title: str, take: Callable[[str], object]) -> None:
        """Open the dialog; ``take`` is called with each entered PIN."""
        self._take = take
        page.find("kiosk-pin-title").textContent = title
        self.say("")
        page.set_dialog("kiosk-pin", True)

    def say(self, text: str) -> None:
        """Show a message and clear the digits."""
        self._digits = ""
        page.find("kiosk-pin-said").textContent = text
        self._show()

    def close(self) -> None:
        """Close the dialog."""
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
