"""A constant picture, and four typed numbers."""

import asyncio

import numpy as np

from card import Card
from generated.page_halves import Answering, Still
from host import canvas, liveness, page
from kinds import Context

PICTURE = np.arange(192, dtype=np.uint8).reshape(8, 8, 3)


class Source:
    """The picture and the numbers of a generated page; see `generated.page_halves.Source`."""

    def __init__(self, scope: page.Scope, answering: Answering) -> None:
        self._answering = answering
        self._numbers = scope.find("portrait-numbers")
        canvas.paint_pixels(scope.find("given"), PICTURE)
        page.on(scope.find("portrait-ask"), "click", self._ask)

    def set_card(self, card: Card) -> None:
        """Take the card; nothing here depends on it."""

    def enter(self) -> None:
        """Nothing runs."""

    def leave(self) -> None:
        """Nothing runs."""

    def reset(self) -> None:
        """Forget the numbers."""
        self._numbers.value = "0 0 0 0"

    async def show_samples(self) -> None:
        """Ask again and again."""
        while True:
            await self._ask()
            liveness.beat("show")
            await asyncio.sleep(1)

    async def _ask(self) -> None:
        numbers = np.array(str(self._numbers.value).split(), np.float32)
        await self._answering.give(Still((PICTURE, numbers), Context((8, 8)), 0.0))
