"""Show points, and the lines that join them, over the picture."""

from collections.abc import Callable

import numpy as np

from card import Card
from host import canvas, page
from kinds import Context
from outputs import points
from outputs.points import Points

SURE = 0.3
"""Least score of a shown point; MoveNet's authors draw from 0.3 on:
https://www.tensorflow.org/hub/tutorials/movenet"""

NOTHING_FOUND = "Nothing found: try another picture"

NOTHING = Points(np.zeros((0, 2), np.float32), np.zeros(0, np.float32))

Place = tuple[float, float]


class View:
    """The points with a sufficient score; see `generated.page_halves.View`."""

    def __init__(self, scope: page.Scope) -> None:
        self._answer = NOTHING
        self._skeleton: list[tuple[int, int]] = []
        self._list = scope.find("points")

    def set_card(self, card: Card) -> None:
        """Set the lines that join points."""
        pairs = points.OPTIONS[0].value(card.output_options)
        self._skeleton = [(int(one), int(other)) for one, other in pairs]

    def on_change(self, handler: Callable[[], object]) -> None:
        """Do nothing: the whole answer is shown."""

    def take(self, answer: Points) -> None:
        """Set the answer."""
        self._answer = answer

    def show(self) -> str:
        """Show the list of points, and return their number."""
        named = zip(self._answer.names, self._answer.scores, strict=False)
        sure = [(name, float(score)) for name, score in named if score >= SURE]
        lines = [f"{name} {score:.2f}" for name, score in sure] or [NOTHING_FOUND]
        self._list.replaceChildren(*(page.make("li", line) for line in lines))
        return f"{len(sure)} points" if sure else NOTHING_FOUND

    def shown(self) -> Points:
        """Return the whole answer."""
        return self._answer

    def draw(self, overlay: page.Element, context: Context, mirrored: bool) -> None:
        """Draw points and lines."""
        places, lines = self._figure()
        canvas.draw_points(overlay, places, lines, context.size or (1, 1), mirrored)

    def clear(self, overlay: page.Element) -> None:
        """Clear the canvas."""
        canvas.draw_boxes(overlay, (), (1, 1))

    def picture(self, given: page.Element, context: Context) -> page.Element:
        """Return the picture with points and lines drawn into it."""
        places, lines = self._figure()
        return canvas.with_points(given, places, lines, context.size or (1, 1))

    def reset(self) -> None:
        """Clear the answer."""
        self._answer = NOTHING
        self._list.replaceChildren()

    def _figure(self) -> tuple[list[Place], list[tuple[Place, Place]]]:
        sure = self._answer.scores >= SURE
        at = [(float(x), float(y)) for x, y in self._answer.points]
        lines = [
            (at[one], at[other])
            for one, other in self._skeleton
            if max(one, other) < len(at) and sure[one] and sure[other]
        ]
        return [place for place, seen in zip(at, sure, strict=True) if seen], lines
