"""Draw a digit: the network reads it while it is drawn."""

import asyncio
import random
from functools import cache

import numpy as np

from host import canvas, engine, page, pen, pulse
from vision import digits, handwriting

ANNOUNCE_AFTER = 0.8
"""Seconds without a new answer after which the present one is read out."""

STEP, STEP_SECONDS = 0.03, 0.02
"""How far the pen of the show goes at a time, as a share of the side, and how long it takes."""

SHOWN_SECONDS = 2.5
"""How long a digit of the show stays."""


async def open() -> None:
    """Load the network, and answer from now on whatever is drawn."""
    ours = booth()
    ours.model = await engine.load("digits")
    page.on(page.find("digit-canvas"), "ink", ours.changed.set)
    page.on(page.find("predict"), "click", ours.predict)
    ours.changed.set()  # what was drawn while Python booted
    ours.start()


async def reset() -> None:
    """Forget the drawing; what was said of it goes with it."""
    pen.clear()
    booth().forget()
    booth().start()


async def attract() -> None:
    """Draw one digit after the other."""
    while True:
        for digit in random.sample(range(10), 10):
            pen.clear()
            await _draw(digit)
            await pulse.rest("show", SHOWN_SECONDS)


async def _draw(digit: int) -> None:
    for stroke in handwriting.DIGITS[digit]:
        start, *others = handwriting.traced(stroke, STEP)
        pen.put(*start)
        for place in others:
            pulse.beat("show")
            await asyncio.sleep(STEP_SECONDS)
            pen.draw_to(*place)


@cache
def booth() -> "Booth":
    """Return the one booth that there is."""
    return Booth()


class Booth:
    """The digits page: the drawing on one side, what the network says on the other."""

    def __init__(self) -> None:
        self.model: engine.Model | None = None
        self._answering: asyncio.Task[None] | None = None
        self.changed = asyncio.Event()
        self._asked = False
        self._answered = False
        self._announcement: asyncio.TimerHandle | None = None
        self._ink = page.find("digit-ink")
        self._bars = list(page.find("bars").children)

    def start(self) -> None:
        """Answer each change from now on."""
        if self._answering:
            self._answering.cancel()
        self._answering = page.start(self.answer_forever())

    def forget(self) -> None:
        """Take back what was said, and what is about to be."""
        if self._answering:
            self._answering.cancel()
        self._asked = False
        self.changed.clear()
        canvas.paint_grey(page.find("digit-sees"), np.zeros((28, 28), np.float32))
        self._show_nothing()
        if self._announcement:
            self._announcement.cancel()
        page.find("announcement").textContent = ""

    def predict(self) -> None:
        """Answer once more, and say it aloud at once."""
        self._asked = True
        self.changed.set()

    async def answer_forever(self) -> None:
        """Answer each change; those that come during an answer are answered together."""
        while True:
            await self.changed.wait()
            self.changed.clear()
            try:
                if self.model:
                    await self._answer(self.model)
            except engine.EngineError as error:
                page.fail(str(error), self.changed.set)

    async def _answer(self, model: engine.Model) -> None:
        start = page.now()
        image = digits.prepare(canvas.read(self._ink))
        canvas.paint_grey(page.find("digit-sees"), image[0, :, :, 0])
        if not image.any():
            self._show_nothing()
            return
        (probabilities,) = await model.run(image)
        self._show(digits.read(probabilities))
        engine.show(model, f", {page.now() - start:.0f} ms")

    def _show(self, answer: digits.Answer) -> None:
        confidence = format_percent(answer.confidence)
        page.find("answer").textContent = str(answer.digit)
        page.find("confidence").textContent = confidence
        for digit, (bar, probability) in enumerate(
            zip(self._bars, answer.probabilities, strict=True)
        ):
            bar.style.setProperty("--p", str(probability))
            bar.classList.toggle("best", digit == answer.digit)
            bar.lastElementChild.textContent = f": {format_percent(probability)}"
        self._announce(f"{answer.digit}, {confidence}")
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
        """Read an answer out: at once if it was asked for, else when the drawing rests."""
        if self._announcement:
            self._announcement.cancel()
        delay = 0 if self._asked else ANNOUNCE_AFTER
        self._asked = False
        region = page.find("announcement")
        self._announcement = asyncio.get_running_loop().call_later(
            delay, setattr, region, "textContent", text
        )


def format_percent(probability: float) -> str:
    """Return a probability as people read it; a network is never quite certain."""
    return f"{min(probability * 100, 99.9):.1f} %"
