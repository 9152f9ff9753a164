"""The controls beside a design: garments, variations, colours, fabrics, mixing and locks."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from exhibits.design import codes, look
from exhibits.design.design import Design, Sheet, name
from exhibits.design.fabrics import FABRICS
from exhibits.design.garments import SIDE
from exhibits.design.look import PALETTES, ROLES, Look
from exhibits.design.renderer import SMALL, Renderer
from exhibits.design.studio import VARIATIONS, Studio
from host import page

_CLOTH = np.ones((SIDE, SIDE), np.float32)
"""Drawing of a plain piece of cloth, for thumbnails of fabrics."""

_COLOURS = ("Garment", "Pattern", "Background")
"""Title of each of `ROLES`."""


class Desk:
    """Controls of the studio."""

    def __init__(self, studio: Studio, renderer: Renderer, changed: Callable[[], object]) -> None:
        """Create the controls.

        Args:
            studio: State that the controls change.
            renderer: Draws the thumbnails.
            changed: Called after each step.
        """
        self._studio, self._renderer, self._changed = studio, renderer, changed
        self._labels = renderer.model.card.labels
        self._variations: list[Design] = []
        self._kinds = [
            self._picture("design-kinds", partial(studio.choose, kind), label)
            for kind, label in enumerate(self._labels)
        ]
        self._palettes = [self._palette(title) for title in PALETTES]
        self._own = [self._colour(role) for role in range(len(ROLES))]
        self._fabrics = [
            self._picture("design-fabrics", partial(self._choose_fabric, fabric), about.title)
            for fabric, about in FABRICS.items()
        ]
        self._offers = [
            self._picture("design-variations", partial(self._take, place))
            for place in range(VARIATIONS)
        ]
        self._ends = [self._end(end, key) for end, key in enumerate(("first", "second"))]
        self._slider = page.find("design-mix")
        page.on(self._slider, "input", self._mix)
        page.on(page.find("design-vary"), "click", self.vary)
        self._locks = page.find_all(".design .lock")
        for lock in self._locks:
            page.on(lock, "click", partial(self._lock, lock))

    def show(self) -> None:
        """Show the current state of the studio."""
        now = self._studio.design
        strongest = int(now.code.kinds.argmax())
        _press(self._kinds, strongest if now.code.kinds[strongest] > 0.99 else -1)
        dressed = [colours == now.look.colours for colours in PALETTES.values()]
        _press(self._palettes, dressed.index(True) if True in dressed else -1)
        _press(self._fabrics, list(FABRICS).index(now.look.fabric))
        for field, colour in zip(self._own, now.look.colours, strict=True):
            field.value = look.text(colour)
        for lock in self._locks:
            lock.setAttribute("aria-pressed", str(lock.dataset.part in self._studio.locks).lower())
        self._slider.value = self._studio.share

    def draw(self) -> None:
        """Draw the thumbnails: the current design as each garment, and in each fabric."""
        now = self._studio.design
        for kind, button in enumerate(self._kinds):
            code = replace(now.code, kinds=codes.pure(kind))
            self._small(button, Design(code, now.look))
        for fabric, button in zip(FABRICS, self._fabrics, strict=True):
            dress = Look(now.look.colours, fabric)
            self._small(button, Sheet(Design(now.code, dress), _CLOTH))
        for button, design in zip(self._ends, self._studio.ends, strict=True):
            self._small(button, design)

    def vary(self) -> None:
        """Offer new variations."""
        self._variations = self._studio.variations()
        for button, design in zip(self._offers, self._variations, strict=True):
            button.setAttribute("aria-label", name(design, self._labels))
            self._small(button, design)

    def _small(self, button: page.Element, what: Design | Sheet) -> None:
        self._renderer.draw_small(button.id, button.querySelector("canvas"), what)

    def _picture(self, place: str, chosen: Callable[[], object], title: str = "") -> page.Element:
        """Add a button with a thumbnail, and optionally a title, to an element of the page."""
        within = page.find(place)
        button = page.make(
            "button", type="button", class_="picture", id=f"{place}-{within.children.length}"
        )
        button.append(page.make("canvas", width=SMALL, height=SMALL, aria_hidden="true"))
        if title:
            button.append(page.make("span", title))
        page.on(button, "click", partial(self._do, chosen))
        within.append(button)
        return button

    def _end(self, end: int, name: str) -> page.Element:
        button = page.find(f"design-{name}")
        button.append(page.make("canvas", width=SMALL, height=SMALL, aria_hidden="true"))
        page.on(button, "click", partial(self._do, partial(self._studio.hold, end)))
        return button

    def _palette(self, title: str) -> page.Element:
        button = page.make("button", type="button", class_="palette", aria_label=title, title=title)
        for colour in PALETTES[title]:
            spot = page.make("span")
            spot.style.backgroundColor = look.text(colour)
            button.append(spot)
        chosen = partial(self._recolour, PALETTES[title])
        page.on(button, "click", partial(self._do, chosen))
        page.find("design-palettes").append(button)
        return button

    def _colour(self, role: int) -> page.Element:
        label = page.make("label", _COLOURS[role])
        field = page.make("input", type="color", data_role=ROLES[role])
        label.append(field)
        page.find("design-own").append(label)
        page.on(field, "input", partial(self._do, partial(self._own_colour, role, field)))
        return field

    def _own_colour(self, role: int, field: page.Element) -> None:
        now = self._studio.design.look
        new = look.recoloured(now, role, look.colour(str(field.value)))
        self._studio.dress(new, doing=f"colour {role}")

    def _recolour(self, colours: look.Colours) -> None:
        self._studio.dress(replace(self._studio.design.look, colours=colours))

    def _choose_fabric(self, fabric: str) -> None:
        self._studio.dress(replace(self._studio.design.look, fabric=fabric))

    def _take(self, place: int) -> None:
        if self._variations:
            self._studio.take(self._variations[place])

    def _mix(self) -> None:
        self._do(partial(self._studio.mix, float(self._slider.value)))

    def _lock(self, button: page.Element) -> None:
        part = str(button.dataset.part)
        self._do(partial(self._studio.lock, part, part not in self._studio.locks))

    def _do(self, step: Callable[[], object]) -> None:
        step()
        self._changed()


def _press(buttons: list[page.Element], pressed: int) -> None:
    """Mark one of the buttons as pressed; -1 is none."""
    for place, button in enumerate(buttons):
        button.setAttribute("aria-pressed", str(place == pressed).lower())
