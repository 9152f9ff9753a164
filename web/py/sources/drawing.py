"""A drawing: a canvas with a pen, answered while it is drawn."""

import asyncio
import math

import numpy as np
from numpy.typing import NDArray

from card import Card
from generated.page_halves import Answering, Still
from host import canvas, liveness, page
from host.pen import Pen
from inputs import drawing

STEP_SECONDS = 0.03
"""Interval between steps of the attract loop's pen, in s."""

SHOWN_SECONDS = 3.0
"""Duration of a drawing in the attract loop, in s."""


class Source:
    """The drawing of a generated page; see `generated.page_halves.Source`."""

    def __init__(self, scope: page.Scope, answering: Answering) -> None:
        self._answering = answering
        self._pen = Pen("given")
        self._ink = scope.find("given-ink")
        self._changed = asyncio.Event()
        page.on(scope.find("given"), "ink", self._changed.set)
        page.start(self._answer_forever())

    def set_card(self, card: Card) -> None:
        """Do nothing: this source does not depend on the card."""

    def enter(self) -> None:
        """Answer a drawing made before Python started."""
        self._changed.set()

    def leave(self) -> None:
        """Do nothing: nothing runs in the background."""

    def reset(self) -> None:
        """Clear the drawing."""
        self._pen.clear()

    async def show_samples(self) -> None:
        """Draw one figure after the other, forever."""
        while True:
            for corners in (3, 4, 60):
                self._pen.clear()
                await self._draw(corners)
                await liveness.rest("show", SHOWN_SECONDS)

    async def _draw(self, corners: int) -> None:
        """Draw a regular polygon; one with many corners is a circle."""
        angles = [2 * math.pi * corner / corners for corner in range(corners + 1)]
        places = [(0.5 + 0.3 * math.sin(each), 0.5 - 0.3 * math.cos(each)) for each in angles]
        self._pen.put(*places[0])
        for place in places[1:]:
            liveness.beat("show")
            await asyncio.sleep(STEP_SECONDS)
            self._pen.draw_to(*place)

    async def _answer_forever(self) -> None:
        """Answer changes; those during an answer are coalesced."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            start = page.now()
            rgba: NDArray[np.uint8] = canvas.read(self._ink)
            if rgba[..., 3].any():
                still = Still(rgba, drawing.context(rgba), page.now() - start)
                await self._answering.give(still)
            else:
                self._answering.expect(None)
