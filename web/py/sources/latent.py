"""A generator's code: a pad, random codes, and a choice of labels."""

import asyncio
import math

import numpy as np
from numpy.typing import NDArray

from card import Card
from generated.page_halves import Answering, Still
from host import liveness, page
from host.pad import Pad
from inputs import latent
from kinds import Context

STEP = 0.05
"""Step of an arrow key on the pad, whose sides are at -1 and 1."""

SHOW_SECONDS = 0.1
"""Interval between steps of the attract loop, in s."""

Numbers = NDArray[np.float32]


class Source:
    """The code of a generated page; see `generated.page_halves.Source`.

    The pad is a plane through a random code: right and down are two random directions.
    """

    def __init__(self, scope: page.Scope, answering: Answering) -> None:
        self._scope, self._answering = scope, answering
        self._card: Card | None = None
        self._random = np.random.default_rng()
        self._place = (0.0, 0.0)
        self._plane: dict[str, tuple[Numbers, Numbers, Numbers]] = {}
        self._choice = scope.find("latent-choice")
        self._changed = asyncio.Event()
        Pad(scope.find("given"), self._touch, self._nudge)
        page.on(scope.find("latent-surprise"), "click", self._surprise)
        page.on(self._choice, "change", self._changed.set)
        page.start(self._answer_forever())

    def set_card(self, card: Card) -> None:
        """Show the card's labels, and start with a random code."""
        self._card = card
        chosen = bool(latent.OPTIONS[1].value(card.input_options))
        self._choice.hidden = not chosen
        options = [page.make("option", label, value=i) for i, label in enumerate(card.labels)]
        self._choice.replaceChildren(*options)
        self._surprise()

    def enter(self) -> None:
        """Answer the current code."""
        self._changed.set()

    def leave(self) -> None:
        """Do nothing: nothing runs in the background."""

    def reset(self) -> None:
        """Start with another random code."""
        self._scope.find("given").dataset.empty = "true"
        self._surprise()

    async def show_samples(self) -> None:
        """Move the point on the pad, forever."""
        while True:
            time = page.now() / 1000
            self._move(0.7 * math.sin(0.9 * time), 0.7 * math.sin(1.3 * time))
            liveness.beat("show")
            await asyncio.sleep(SHOW_SECONDS)

    def _touch(self, x: float, y: float) -> None:
        self._scope.find("given").dataset.empty = "false"
        self._move(x, y)

    def _move(self, x: float, y: float) -> None:
        self._place = (max(-1.0, min(1.0, x)), max(-1.0, min(1.0, y)))
        point = self._scope.find("latent-point")
        point.hidden = False
        point.style.left = f"{50 + 50 * self._place[0]}%"
        point.style.top = f"{50 + 50 * self._place[1]}%"
        self._changed.set()

    def _nudge(self, right: int, down: int) -> None:
        x, y = self._place if right or down else (0.0, 0.0)
        self._touch(x + STEP * right, y + STEP * down)

    def _surprise(self) -> None:
        """Put a random code at the pad's centre."""
        if not self._card:
            return

        def direction(count: int) -> Numbers:
            return self._random.standard_normal(count).astype(np.float32)

        self._plane = {
            name: (direction(count), direction(count), direction(count))
            for name, count in latent.parts(self._card).items()
        }
        self._move(0.0, 0.0)

    def _code(self, card: Card) -> dict[str, Numbers]:
        x, y = self._place
        code = {
            name: (middle + x * right + y * down) / np.float32(math.sqrt(1 + x * x + y * y))
            for name, (middle, right, down) in self._plane.items()
        }
        chosen = latent.OPTIONS[1].value(card.input_options)
        if chosen:
            code[chosen] = np.zeros(len(card.labels), np.float32)
            code[chosen][int(self._choice.value or 0)] = 1
        return code

    async def _answer_forever(self) -> None:
        """Answer changes; those during an answer are coalesced."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._card and self._answering.in_view:
                await self._answering.give(Still(self._code(self._card), Context(), 0.0))
