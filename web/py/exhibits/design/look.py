"""Looks of garments: colours, and the name of a fabric."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

Colour = tuple[float, float, float]
"""sRGB red, green and blue in 0..1."""

Colours = tuple[Colour, Colour, Colour]
"""The colours of a look, in the order of `ROLES`."""

ROLES = ("body", "second", "ground")
"""Names of a look's colours: garment, pattern, background."""


@dataclass(frozen=True)
class Look:
    """Look of a garment.

    Attributes:
        colours: Colours of garment, pattern and background.
        fabric: A key of `exhibits.design.fabrics.FABRICS`.
    """

    colours: Colours
    fabric: str


def colour(text: str) -> Colour:
    """Parse a colour ``#rrggbb``.

    Raises:
        ValueError: If the text has another form.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise ValueError(f"colour: expected #rrggbb, got {text!r}")
    red, green, blue = (int(text[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def text(colour: Colour) -> str:
    """Format a colour as ``#rrggbb``."""
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour)


def palette(*texts: str) -> Colours:
    """Parse the colours of a look, each ``#rrggbb``."""
    body, second, ground = (colour(text) for text in texts)
    return body, second, ground


PALETTES = {
    "Poppy": palette("#dd4b2b", "#fbe9d0", "#f4eee3"),
    "Ink": palette("#1f3f6b", "#f3c04b", "#e9eef2"),
    "Moss": palette("#2f6b46", "#f0e6c4", "#eef0e2"),
    "Plum": palette("#6a3679", "#f5b5c6", "#f5eef6"),
    "Night": palette("#23262e", "#e6e1d6", "#dcdad3"),
    "Rose": palette("#e88b9c", "#7c1f3a", "#fbf0ee"),
    "Sun": palette("#efb12f", "#2d4a63", "#f7f1df"),
    "Sea": palette("#1d8a8a", "#fff2dc", "#e3f0ef"),
}
"""Palettes by title."""


def blend(first: Look, second: Look, share: float) -> Look:
    """Mix two looks: colours are interpolated, the fabric is the nearer one's."""
    pairs = zip(first.colours, second.colours, strict=True)
    body, other, ground = (_between(one, two, share) for one, two in pairs)
    return Look((body, other, ground), (first if share < 0.5 else second).fabric)


def recoloured(look: Look, role: int, new: Colour) -> Look:
    """Return the look with another colour for the role of an index in `ROLES`."""
    colours = list(look.colours)
    colours[role] = new
    body, second, ground = colours
    return replace(look, colours=(body, second, ground))


def _between(one: Sequence[float], two: Sequence[float], share: float) -> Colour:
    red, green, blue = (a + (b - a) * share for a, b in zip(one, two, strict=True))
    return red, green, blue


def approached(shown: Look, wanted: Look, share: float) -> Look:
    """Move a share of the way toward the wanted look; snap to it when close enough."""
    nearer = blend(shown, wanted, share)
    pairs = zip(nearer.colours, wanted.colours, strict=True)
    far = max(abs(a - b) for one, two in pairs for a, b in zip(one, two, strict=True))
    return wanted if far < 1 / 255 else replace(nearer, fabric=wanted.fabric)
