"""Options of kinds: keys of a card's options, and flags of the command line."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from card import CardError


@dataclass(frozen=True)
class Option:
    """An option of a kind: a key of the card's options, and a flag of the command line.

    Attributes:
        name: Key in the card; with dashes for underscores, the flag.
        type: ``number``; ``numbers``: one, or a list of them; ``text``; ``flag``; ``sizes``: a list
            of heights and widths; ``counts``: numbers by name; ``pairs``: a list of index pairs.
        default: Value where the card has none.
        help: One line.
        choices: Allowed values of a text; empty if any is allowed.
    """

    name: str
    type: Literal["number", "numbers", "text", "flag", "sizes", "counts", "pairs"]
    default: Any
    help: str
    choices: tuple[str, ...] = ()

    def value(self, options: Mapping[str, Any]) -> Any:  # noqa: ANN401 - depends on the type
        """Return the option's value in a card's options.

        Raises:
            CardError: If it is of another type.
        """
        given = options.get(self.name, self.default)
        if given is not self.default and not self._fits(given):
            raise CardError(f"option {self.name}: expected {self.expected}, got {given!r}")
        return given

    def parse(self, text: str) -> Any:  # noqa: ANN401 - depends on the type
        """Parse a value on the command line, such as ``1`` or ``0.5,0.5,0.5``.

        Raises:
            ValueError: If the text does not fit the type.
        """
        try:
            value = _PARSERS[self.type](text)
        except (ValueError, KeyError):
            value = None
        if not self._fits(value):
            raise ValueError(f"expected {self.expected}, got {text!r}")
        return value

    @property
    def expected(self) -> str:
        """Description of the allowed values."""
        return f"one of {', '.join(self.choices)}" if self.choices else _EXPECTED[self.type]

    def _fits(self, value: object) -> bool:
        if self.choices:
            return value in self.choices
        return _CHECKS[self.type](value)


def _is_number(value: Any) -> bool:  # noqa: ANN401 - parsed JSON
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value)


def _is_pair(value: Any) -> bool:  # noqa: ANN401
    pair = isinstance(value, list | tuple) and len(value) == 2
    return pair and all(type(each) is int for each in value)


def _are_pairs(value: object) -> bool:
    if not isinstance(value, list | tuple):
        return False
    return all(_is_pair(pair) for pair in value)


def _are_numbers(value: object) -> bool:
    many = isinstance(value, list | tuple) and len(value) > 0 and all(map(_is_number, value))
    return many or _is_number(value)


def _are_counts(value: object) -> bool:
    if not isinstance(value, Mapping):
        return False
    return all(name and type(each) is int and each > 0 for name, each in value.items())


_EXPECTED = {
    "number": "a number",
    "numbers": "a number, or a list of numbers",
    "text": "text",
    "flag": "true or false",
    "sizes": "heights and widths",
    "counts": "whole numbers by name",
    "pairs": "pairs of whole numbers",
}
_CHECKS: dict[str, Callable[[Any], bool]] = {
    "number": _is_number,
    "numbers": _are_numbers,
    "text": lambda value: isinstance(value, str),
    "flag": lambda value: isinstance(value, bool),
    "sizes": _are_pairs,
    "counts": _are_counts,
    "pairs": _are_pairs,
}


def _parse_numbers(text: str) -> object:
    numbers = [float(part) for part in text.split(",")]
    return numbers[0] if len(numbers) == 1 else numbers


def _parse_pairs(text: str, separator: str) -> object:
    pairs = [part.split(separator) for part in text.split(",")]
    return [[int(one), int(other)] for one, other in pairs]


def _parse_counts(text: str) -> object:
    pairs = (part.partition("=") for part in text.split(","))
    return {name.strip(): int(count) for name, _, count in pairs}


_PARSERS: dict[str, Callable[[str], Any]] = {
    "number": float,
    "numbers": _parse_numbers,
    "text": str,
    "flag": lambda text: {"true": True, "false": False}[text],
    "sizes": lambda text: _parse_pairs(text, "x"),
    "counts": _parse_counts,
    "pairs": lambda text: _parse_pairs(text, "-"),
}
