"""Show boxes over the picture, and a list of them, filtered by score and class."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from card import Card
from host import canvas, page
from kinds import Context
from outputs import boxes
from outputs.boxes import Boxes


class View:
    """Objects of the selected classes above a score; see `page_halves.View`."""

    def __init__(self, scope: page.Scope) -> None:
        self._answer = Boxes((), 0)
        self._hidden: set[str] = set()
        self._changed: Callable[[], object] = lambda: None
        self._list, self._switches = scope.find("detections"), scope.find("filter")
        self._text, self._slider = scope.find("threshold-text"), scope.find("threshold")
        page.on(self._slider, "input", self._narrow)
        page.on_press(self._switches, self._toggle)

    def set_card(self, card: Card) -> None:
        """Start with the card's threshold."""
        threshold = boxes.OPTIONS[0].value(card.output_options)
        self._slider.defaultValue = self._slider.value = str(threshold)
        self._text.textContent = f"{self._threshold:.2f}"

    def on_change(self, handler: Callable[[], object]) -> None:
        """Call a function whenever the score or the classes are changed."""
        self._changed = handler

    def take(self, answer: Boxes) -> None:
        """Set the answer."""
        self._answer = answer

    def show(self) -> str:
        """Show the list, and return the number of objects per class."""
        self._text.textContent = f"{self._threshold:.2f}"
        counts = Counter(each.label for each in self._certain().shown)
        self._show_switches(counts)
        lines = [f"{each.label} {each.score:.2f}" for each in self.shown().shown]
        self._list.replaceChildren(*(page.make("li", line) for line in lines))
        words = ", ".join(f"{count} {label}" for label, count in counts.items())
        return words or "Nothing found: lower the score, or try another picture"

    def shown(self) -> Boxes:
        """Return the boxes of the selected classes above the score."""
        return self._certain().without(self._hidden)

    def draw(self, overlay: page.Element, context: Context, mirrored: bool) -> None:
        """Draw the boxes."""
        canvas.draw_boxes(overlay, self._boxes(), context.size or (1, 1), mirrored)

    def clear(self, overlay: page.Element) -> None:
        """Clear the boxes."""
        canvas.draw_boxes(overlay, (), (1, 1))

    def picture(self, given: page.Element, context: Context) -> page.Element:
        """Return the picture with the boxes drawn into it."""
        return canvas.with_boxes(given, self._boxes(), context.size or (1, 1))

    def reset(self) -> None:
        """Reset answer, score and classes."""
        self._answer = replace(self._answer, found=())
        self._hidden.clear()
        self._slider.value = self._slider.defaultValue
        self._text.textContent = f"{self._threshold:.2f}"
        self._switches.replaceChildren()
        self._list.replaceChildren()

    def _narrow(self) -> None:
        self._changed()

    @property
    def _threshold(self) -> float:
        return float(self._slider.value)

    def _certain(self) -> Boxes:
        return replace(self._answer, threshold=self._threshold)

    def _boxes(self) -> list[canvas.Box]:
        return [
            canvas.Box(f"{each.label} {each.score:.2f}", each.x1, each.y1, each.x2, each.y2)
            for each in self.shown().shown
        ]

    def _show_switches(self, counts: Counter[str]) -> None:
        """Show a switch for each class; existing ones are reused to keep their focus."""
        present = {str(switch.dataset.label): switch for switch in self._switches.children}
        for label in present.keys() - counts.keys():
            present[label].remove()
        for label, count in counts.items():
            switch = present.get(label) or self._add_switch(label)
            switch.textContent = f"{label} {count}"

    def _add_switch(self, label: str) -> page.Element:
        pressed = str(label not in self._hidden).lower()
        switch = page.make("button", type="button", data_label=label, aria_pressed=pressed)
        self._switches.append(switch)
        return switch

    def _toggle(self, switch: page.Element) -> None:
        label = str(switch.dataset.label)
        self._hidden ^= {label}
        switch.setAttribute("aria-pressed", str(label not in self._hidden).lower())
        self._changed()
