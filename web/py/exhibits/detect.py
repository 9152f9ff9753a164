"""Where things are: a box around each, and what it is."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from api import answers
from exhibits import photos
from exhibits.reading import Reading, Size
from host import canvas, page, pictures
from vision import detect
from vision.card import Card

LOWEST = 0.2
"""The lowest score that the slider can be set to: below it, nothing is read."""


async def open() -> None:
    """Answer from now on what is shown here."""
    photos.booth().add(Detect())


async def reset() -> None:
    """Forget the visitor's pictures, and what they wanted to see of the answers."""
    photos.booth().reset()


async def attract() -> None:
    """Find things in one sample photograph after the other."""
    await photos.booth().show_samples_forever()


class Detect(Reading):
    """The detections: those above a score, of the classes that are wanted."""

    name = "detect"

    def __init__(self) -> None:
        super().__init__()
        self._found: tuple[detect.Detection, ...] = ()
        self._hidden: set[str] = set()
        self._slider = page.find("threshold")
        page.on(self._slider, "input", self._change)
        page.on_press(page.find("filter"), self._toggle)

    def prepare(self, rgb: pictures.Rgb, card: Card) -> NDArray[Any]:
        """See `Reading`."""
        return detect.prepare(rgb, card)

    def read(self, outputs: Sequence[NDArray[Any]], card: Card, size: Size) -> None:
        """See `Reading`."""
        self._found = detect.read(outputs, card, size, LOWEST)
        self.answered = True

    def show(self) -> str:
        """See `Reading`."""
        page.find("threshold-text").textContent = f"{self._threshold:.2f}"
        counts = Counter(each.label for each in self._certain())
        self._show_filter(counts)
        shown = [f"{each.label} {each.score:.2f}" for each in self._shown()]
        page.find("detections").replaceChildren(*(page.make("li", text) for text in shown))
        things = ", ".join(f"{count} {label}" for label, count in counts.items())
        return things or "Nothing found: lower the score, or try another picture"

    def boxes(self) -> Sequence[canvas.Box]:
        """See `Reading`."""
        return [
            canvas.Box(f"{each.label} {each.score:.2f}", each.x1, each.y1, each.x2, each.y2)
            for each in self._shown()
        ]

    def summary_boxes(self, size: Size) -> Sequence[canvas.Box]:
        """See `Reading`."""
        return self.boxes()

    def to_json(self) -> object:
        """See `Reading`."""
        return answers.of_detections(self._shown())

    def reset(self) -> None:
        """See `Reading`."""
        self._found = ()
        self._hidden.clear()
        self._slider.value = self._slider.defaultValue
        page.find("threshold-text").textContent = f"{self._threshold:.2f}"
        page.find("filter").replaceChildren()
        page.find("detections").replaceChildren()

    def _change(self) -> None:
        self.changed()

    @property
    def _threshold(self) -> float:
        return float(self._slider.value)

    def _certain(self) -> list[detect.Detection]:
        return [each for each in self._found if each.score >= self._threshold]

    def _shown(self) -> list[detect.Detection]:
        return [each for each in self._certain() if each.label not in self._hidden]

    def _show_filter(self, counts: Counter[str]) -> None:
        """Show a switch for each class; those that stay are kept, so that none loses its focus."""
        switches = page.find("filter")
        present = {str(switch.dataset.label): switch for switch in switches.children}
        for label in present.keys() - counts.keys():
            present[label].remove()
        for label, count in counts.items():
            switch = present.get(label) or self._add_switch(label)
            switch.textContent = f"{label} {count}"

    def _add_switch(self, label: str) -> page.Element:
        pressed = str(label not in self._hidden).lower()
        switch = page.make("button", type="button", data_label=label, aria_pressed=pressed)
        page.find("filter").append(switch)
        return switch

    def _toggle(self, switch: page.Element) -> None:
        label = str(switch.dataset.label)
        self._hidden ^= {label}
        switch.setAttribute("aria-pressed", str(label not in self._hidden).lower())
        self.changed()
