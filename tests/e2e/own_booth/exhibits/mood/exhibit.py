"""An exhibit that shows a network's answer to a constant input."""

import numpy as np

from exhibit import Exhibit
from host import engine, liveness, page
from host.site import ExhibitEntry

from .words import word


def create(entry: ExhibitEntry) -> Exhibit:
    """Return the page."""
    return Mood(entry)


class Mood:
    """A button and an answer."""

    def __init__(self, entry: ExhibitEntry) -> None:
        (self._name,) = entry.models

    async def open(self) -> None:
        """Answer from now on."""
        page.on(page.find("mood-ask"), "click", self._ask)

    async def reset(self) -> None:
        """Forget the answer."""
        page.find("mood-answer").textContent = ""

    async def attract(self) -> None:
        """Show the answer, again and again."""
        while True:
            await self._ask()
            await liveness.rest("show", 1)

    async def begin(self) -> None:
        """Wait for the button."""

    async def _ask(self) -> None:
        model = await engine.load(self._name)
        inputs = {each.name: np.zeros(each.shape, np.float32) for each in model.card.inputs}
        value = float((await model.run(inputs))["value"][0, 0])
        page.find("mood-answer").textContent = f"{word(value)}: {value:.3f}"
