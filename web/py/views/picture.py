"""Show a generated picture."""

from collections.abc import Callable

import numpy as np

from card import Card
from host import canvas, page
from kinds import Context
from outputs.picture import Picture

NOTHING = Picture(np.zeros((1, 1, 1), np.float32))


class View:
    """The picture, scaled to the available space; see `generated.page_halves.View`."""

    def __init__(self, scope: page.Scope) -> None:
        self._answer = NOTHING
        self._canvas = scope.find("made")

    def set_card(self, card: Card) -> None:
        """Do nothing: this view does not depend on the card."""

    def on_change(self, handler: Callable[[], object]) -> None:
        """Do nothing: the whole answer is shown."""

    def take(self, answer: Picture) -> None:
        """Set the answer."""
        self._answer = answer

    def show(self) -> str:
        """Show the picture, and return its size."""
        pixels = self._answer.pixels
        canvas.paint_pixels(self._canvas, pixels)
        self._canvas.dataset.empty = "false"
        return f"A picture of {pixels.shape[1]} by {pixels.shape[0]} pixels"

    def shown(self) -> Picture:
        """Return the whole answer."""
        return self._answer

    def draw(self, overlay: page.Element, context: Context, mirrored: bool) -> None:
        """Do nothing: this view has no overlay."""

    def clear(self, overlay: page.Element) -> None:
        """Do nothing: this view has no overlay."""

    def picture(self, given: page.Element, context: Context) -> page.Element:
        """Return the generated picture."""
        return self._canvas

    def reset(self) -> None:
        """Clear the answer."""
        self._answer = NOTHING
        self._canvas.width = self._canvas.height = 1
        self._canvas.dataset.empty = "true"
