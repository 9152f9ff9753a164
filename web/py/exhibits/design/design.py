"""Designs, of a code and a look: sampled, varied, mixed, and as JSON."""

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
"""File format; the number increases with incompatible changes."""

PARTS = ("shape", "detail", "garment", "colours", "fabric")
"""Parts of a design that can be locked."""

EASE = 0.12
"""Time constant of the approach to a design, in s."""

_NEAR = 0.45
"""Share of a random design in a variation."""

_MIXED = 0.2
"""Least weight of a kind that is part of the title."""


@dataclass(frozen=True, eq=False)
class Design:
    """A garment's code and its look."""

    code: Code
    look: Look


@dataclass(frozen=True, eq=False)
class Sheet:
    """A page of the look-book: a design, and its drawing, ``(28, 28) float32`` in 0..1."""

    design: Design
    drawing: Numbers


def drawn(dice: Random) -> Design:
    """Sample a design."""
    colours = dice.choice(list(PALETTES.values()))
    fabric = dice.choice(list(FABRICS))
    return Design(codes.drawn(dice, dice.randrange(KINDS)), Look(colours, fabric))


def kept(design: Design, other: Design, locks: frozenset[str]) -> Design:
    """Return the other design with the locked parts of the first one."""
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
    """Return a variation: the same kind of garment, another cut, perhaps another look."""
    new = drawn(dice)
    near = codes.mixed(design.code, new.code, _NEAR)
    # If the whole code is locked, the look has to vary.
    dressed = {"shape", "detail"} <= locks
    stay = {part for part in ("colours", "fabric") if not dressed and dice.random() < 0.5}
    return kept(design, Design(near, new.look), locks | stay | {"garment"})


def mixed(first: Design, second: Design, share: float) -> Design:
    """Mix two designs; see `codes.mixed` and `look.blend`."""
    code = codes.mixed(first.code, second.code, share)
    return Design(code, look.blend(first.look, second.look, share))


def approached(shown: Design, wanted: Design, elapsed: float) -> Design:
    """Move toward the wanted design for ``elapsed`` s; snap to it when close enough."""
    share = 1 - math.exp(-elapsed / EASE)
    code = codes.approached(shown.code, wanted.code, share)
    return Design(code, look.approached(shown.look, wanted.look, share))


def same(one: Design, other: Design) -> bool:
    """Return whether two designs are equal."""
    return one.look == other.look and codes.distance(one.code, other.code) == 0


def name(design: Design, labels: Sequence[str]) -> str:
    """Return a title: the one or two strongest kinds of garment, and the fabric."""
    weights = design.code.kinds
    order = sorted(range(KINDS), key=lambda kind: -weights[kind])
    named = [labels[kind] for kind in order[:2] if weights[kind] >= _MIXED] or [labels[order[0]]]
    return f"{' × '.join(named)}, {FABRICS[design.look.fabric].title.lower()}"


def to_json(sheet: Sheet) -> str:
    """Return a page of the look-book as JSON.

    Returns:
        An object: ``format``; ``shape``, ``detail`` and ``kinds``, numbers; ``colours``, by role;
        ``fabric``; ``drawing``, 784 bytes in base64, 255 is garment.
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
    """Parse a page of the look-book.

    Raises:
        ValueError: If the text is not a valid page.
    """
    try:
        return _read(json.loads(text))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"design: expected a page of a look-book: {error!r}") from None


def _read(data: Any) -> Sheet:  # noqa: ANN401 - parsed JSON
    if data["format"] != FORMAT:
        raise ValueError(f"format: expected {FORMAT}, got {data['format']!r}")
    if data["fabric"] not in FABRICS:
        raise ValueError(f"fabric: expected one of {', '.join(FABRICS)}, got {data['fabric']!r}")
    parts = (np.array(data[part], np.float32) for part in ("shape", "detail", "kinds"))
    colours = look.palette(*(data["colours"][role] for role in ROLES))
    pixels = np.frombuffer(base64.b64decode(data["drawing"]), np.uint8).astype(np.float32)
    design = Design(Code(*parts), Look(colours, data["fabric"]))
    return Sheet(design, (pixels / np.float32(255)).reshape(SIDE, SIDE))
