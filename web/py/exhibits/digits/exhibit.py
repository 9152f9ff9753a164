"""The digits exhibit: a network classifies a digit while it is drawn."""

import asyncio
import random

import numpy as np

from exhibit import Exhibit
from exhibits.digits import handwriting
from host import canvas, engine, liveness, page
from host.pen import Pen
from host.site import ExhibitEntry
from inputs import drawing
from kinds import Context
from outputs import classes
from outputs.classes import Classes

ANNOUNCE_AFTER = 0.8
"""Time without a new answer after which the current one is announced, in s."""

STEP, STEP_SECONDS = 0.03, 0.02
"""Step of the attract loop's pen as a share of the side, and its duration in s."""

SHOWN_SECONDS = 2.5
"""Duration of a digit in the attract loop, in s."""


def create(entry: ExhibitEntry) -> Exhibit:
    """Return the digits page."""
    return Digits(entry)


class Digits:
    """The page: a drawing and its answer."""

    def __init__(self, entry: ExhibitEntry) -> None:
        (self._name,) = entry.models
        self._model: engine.Model | None = None
        self._answering: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._asked = False
        self._answered = False
        self._announcement: asyncio.TimerHandle | None = None
        self._pen = Pen("digit-canvas")
        self._ink = page.find("digit-ink")
        self._bars = list(page.find("bars").children)

    async def open(self) -> None:
        """Load the network, and start answering."""
        self._model = await engine.load(self._name)
        page.on(page.find("digit-canvas"), "ink", self._changed.set)
        page.on(page.find("predict"), "click", self._predict)
        self._changed.set()  # drawn while Python booted
        self._start()

    async def reset(self) -> None:
        """Clear drawing and answer."""
        self._pen.clear()
        self._forget()
        self._start()

    async def begin(self) -> None:
        """Do nothing: the visitor starts."""

    async def attract(self) -> None:
        """Draw one digit after the other, forever."""
        while True:
            for digit in random.sample(range(10), 10):
                self._pen.clear()
                await self._draw(digit)
                await liveness.rest("show", SHOWN_SECONDS)

    async def _draw(self, digit: int) -> None:
        for stroke in handwriting.DIGITS[digit]:
            start, *others = handwriting.traced(stroke, STEP)
            self._pen.put(*start)
            for place in others:
                liveness.beat("show")
                await asyncio.sleep(STEP_SECONDS)
                self._pen.draw_to(*place)

    def _start(self) -> None:
        """Start answering changes."""
        if self._answering:
            self._answering.cancel()
        self._answering = page.start(self._answer_forever())

    def _forget(self) -> None:
        """Clear the answer, and discard a pending one."""
        if self._answering:
            self._answering.cancel()
        self._asked = False
        self._changed.clear()
        canvas.paint_grey(page.find("digit-sees"), np.zeros((28, 28), np.float32))
        self._show_nothing()
        if self._announcement:
            self._announcement.cancel()
        page.find("announcement").textContent = ""

    def _predict(self) -> None:
        """Answer again, and announce the answer at once."""
        self._asked = True
        self._changed.set()

    async def _answer_forever(self) -> None:
        """Answer changes; those during an answer are coalesced."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                if self._model:
                    await self._answer(self._model)
            except engine.EngineError as error:
                page.fail(str(error), self._changed.set)

    async def _answer(self, model: engine.Model) -> None:
        start = page.now()
        inputs = drawing.prepare(canvas.read(self._ink), model.card)
        (image,) = inputs.values()
        canvas.paint_grey(page.find("digit-sees"), image[0, :, :, 0])
        if not image.any():
            self._show_nothing()
            return
        outputs = await model.run(inputs)
        self._show(classes.read(outputs, model.card, Context()))
        engine.show(model, f", {page.now() - start:.0f} ms")

    def _show(self, answer: Classes) -> None:
        best = answer.guesses[0]
        confidence = format_percent(best.probability)
        page.find("answer").textContent = best.label
        page.find("confidence").textContent = confidence
        for bar, probability in zip(self._bars, answer.probabilities, strict=True):
            bar.style.setProperty("--p", str(probability))
            bar.classList.toggle("best", probability == best.probability)
            bar.lastElementChild.textContent = f": {format_percent(probability)}"
        self._announce(f"{best.label}, {confidence}")
        if not self._answered:
            self._answered = True
            page.mark("glass:answer")

    def _show_nothing(self) -> None:
        page.find("answer").textContent = ""
        page.find("confidence").textContent = "Draw something first" if self._asked else ""
        for bar in self._bars:
            bar.style.setProperty("--p", "0")
            bar.classList.remove("best")
            bar.lastElementChild.textContent = ""
        self._announce(page.find("confidence").textContent)

    def _announce(self, text: str) -> None:
        """Announce an answer: at once if requested, else after a pause in drawing."""
        if self._announcement:
            self._announcement.cancel()
        delay = 0 if self._asked else ANNOUNCE_AFTER
        self._asked = False
        region = page.find("announcement")
        self._announcement = asyncio.get_running_loop().call_later(
            delay, setattr, region, "textContent", text
        )


def format_percent(probability: float) -> str:
    """Format a probability in percent, at most 99.9 %."""
    return f"{min(probability * 100, 99.9):.1f} %"
