"""A design: a garment's code and its look; by chance, varied, mixed, and as JSON."""

import base64
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from exhibits.design import codes, look
from exhibits.design.fabrics import FABRICS
from exhibits.design.garments import KINDS, SIDE, Code, Numbers
from exhibits.design.look import PALETTES, ROLES, Look

FORMAT = "glassbooth-design-1"
"""Says what a kept design is; the number rises when readers have to change."""

PARTS = ("shape", "detail", "garment", "colours", "fabric")
"""What of a design can be locked."""

EASE = 0.12
"""s in which a design on its way to another comes nearer by the factor e, about 2.7."""

_NEAR = 0.45
"""How far a variation goes towards something else altogether."""

_MIXED = 0.2
"""Weight from which on a kind is named."""


@dataclass(frozen=True, eq=False)
class Design:
    """A garment, and how it is dressed."""

    code: Code
    look: Look


@dataclass(frozen=True, eq=False)
class Sheet:
    """A page of the look-book: a design, and what the generator drew, ``(28, 28) float32``."""

    design: Design
    drawing: Numbers


def drawn(dice: Random) -> Design:
    """Draw a design by chance."""
    colours = dice.choice(list(PALETTES.values()))
    fabric = dice.choice(list(FABRICS))
    return Design(codes.drawn(dice, dice.randrange(KINDS)), Look(colours, fabric))


def kept(design: Design, other: Design, locks: frozenset[str]) -> Design:
    """Return the other design, with those parts of the first one that are locked."""
    code, dress = (design.code, other.code), (design.look, other.look)
    return Design(
        Code(
            code["shape" not in locks].shape,
            code["detail" not in locks].detail,
            code["garment" not in locks].kinds,
        ),
        Look(dress["colours" not in locks].colours, dress["fabric" not in locks].fabric),
    )


def varied(design: Design, dice: Random, locks: frozenset[str]) -> Design:
    """Return a design like this one: the same garment, of another cut, and perhaps dressed anew."""
    new = drawn(dice)
    near = codes.mixed(design.code, new.code, _NEAR)
    # Where the garment itself is locked, only its dress can vary, and then it should.
    dressed = {"shape", "detail"} <= locks
    stay = {part for part in ("colours", "fabric") if not dressed and dice.random() < 0.5}
    return kept(design, Design(near, new.look), locks | stay | {"garment"})


def mixed(first: Design, second: Design, share: float) -> Design:
    """Mix two designs; see `codes.mixed` and `look.blend`."""
    code = codes.mixed(first.code, second.code, share)
    return Design(code, look.blend(first.look, second.look, share))


def approached(shown: Design, wanted: Design, elapsed: float) -> Design:
    """Return a design that is some s nearer to the wanted one; that one, once it is near enough."""
    share = 1 - math.exp(-elapsed / EASE)
    code = codes.approached(shown.code, wanted.code, share)
    return Design(code, look.approached(shown.look, wanted.look, share))


def same(one: Design, other: Design) -> bool:
    """Say whether two designs are the same garment, dressed the same."""
    return one.look == other.look and codes.distance(one.code, other.code) == 0


def name(design: Design, labels: Sequence[str]) -> str:
    """Return what people call a design: its garments, the strongest first, and its fabric."""
    weights = design.code.kinds
    order = sorted(range(KINDS), key=lambda kind: -weights[kind])
    named = [labels[kind] for kind in order[:2] if weights[kind] >= _MIXED] or [labels[order[0]]]
    return f"{' × '.join(named)}, {FABRICS[design.look.fabric].title.lower()}"


def to_json(sheet: Sheet) -> str:
    """Return a page of the look-book as JSON.

    Returns:
        An object: ``format``; ``shape``, ``detail`` and ``kinds``, numbers; ``colours``, by role;
        ``fabric``; ``drawing``, 784 bytes in base64, 255 being garment.
    """
    code, dress = sheet.design.code, sheet.design.look
    pixels = np.round(sheet.drawing * 255).astype(np.uint8).tobytes()
    texts = map(look.text, dress.colours)
    return json.dumps(
        {
            "format": FORMAT,
            "shape": code.shape.tolist(),
            "detail": code.detail.tolist(),
            "kinds": code.kinds.tolist(),
            "colours": dict(zip(ROLES, texts, strict=True)),
            "fabric": dress.fabric,
            "drawing": base64.b64encode(pixels).decode(),
        },
        separators=(",", ":"),
    )


def from_json(text: str) -> Sheet:
    """Read a page of the look-book.

    Raises:
        ValueError: If the text is no such page.
    """
    try:
        return _read(json.loads(text))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"design: expected a page of a look-book: {error!r}") from None


def _read(told: Any) -> Sheet:  # noqa: ANN401 - whatever the JSON was
    if told["format"] != FORMAT:
        raise ValueError(f"format: expected {FORMAT}, got {told['format']!r}")
    if told["fabric"] not in FABRICS:
        raise ValueError(f"fabric: expected one of {', '.join(FABRICS)}, got {told['fabric']!r}")
    parts = (np.array(told[part], np.float32) for part in ("shape", "detail", "kinds"))
    colours = look.palette(*(told["colours"][role] for role in ROLES))
    pixels = np.frombuffer(base64.b64decode(told["drawing"]), np.uint8).astype(np.float32)
    design = Design(Code(*parts), Look(colours, told["fabric"]))
    return Sheet(design, (pixels / np.float32(255)).reshape(SIDE, SIDE))
