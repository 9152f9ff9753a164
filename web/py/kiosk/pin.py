"""The operator's PIN: four digits or more.

The hash only hides the PIN from casual view: with access to the device's storage, all PINs can be
tried. Growing delays limit guesses at the screen.
"""

import hashlib
import hmac

SHORTEST, LONGEST = 4, 8

FREE_TRIES = 3
"""Wrong PINs before the first delay."""

FIRST_WAIT, LONGEST_WAIT = 10.0, 600.0
"""Delays in s; each wrong PIN doubles the delay."""


def is_possible(pin: str) -> bool:
    """Return whether a text is a valid PIN."""
    return SHORTEST <= len(pin) <= LONGEST and pin.isascii() and pin.isdigit()


def hashed(pin: str, salt: str) -> str:
    """Return the salted SHA-256 of a PIN, in hexadecimal digits."""
    return hashlib.sha256(f"{salt}:{pin}".encode()).hexdigest()


class Door:
    """Checks PINs, with growing delays after wrong ones; times are the caller's, in s."""

    def __init__(self) -> None:
        self._wrong = 0
        self._opens = 0.0

    def wait(self, time: float) -> float:
        """Return the seconds until the next try."""
        return max(0.0, self._opens - time)

    def admits(self, time: float, pin: str, salt: str, expected: str) -> bool:
        """Return whether a PIN is right; during the delay, none is."""
        if self.wait(time):
            return False
        if hmac.compare_digest(hashed(pin, salt), expected):
            self._wrong = 0
            return True
        self._wrong += 1
        if self._wrong >= FREE_TRIES:
            doubled = FIRST_WAIT * 2.0 ** (self._wrong - FREE_TRIES)
            self._opens = time + min(doubled, LONGEST_WAIT)
        return False
