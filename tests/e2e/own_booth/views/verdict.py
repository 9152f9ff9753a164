"""Shows a verdict in one line."""

from collections.abc import Callable
from typing import Any

from card import Card
from host import page
from kinds import Context


class View:
    """The verdict in words; see `generated.page_halves.View`."""

    def __init__(self, scope: page.Scope) -> None:
        self._line = scope.find("verdict")
        self._answer: Any = None

    def set_card(self, card: Card) -> None:
        """Take the card; nothing here depends on it."""

    def on_change(self, handler: Callable[[], object]) -> None:
        """Answers have no options."""

    def take(self, answer: Any) -> None:
        """Take a new answer."""
        self._answer = answer

    def show(self) -> str:
        """Show the likeliest class and the number."""
        classes: dict[str, float] = self._answer.classes
        best = max(classes, key=classes.__getitem__)
        self._line.textContent = f"{best}, {self._answer.value:.2f} {self._answer.unit}"
        return str(self._line.textContent)

    def shown(self) -> Any:
        """Return the whole answer."""
        return self._answer

    def draw(self, overlay: page.Element, context: Context, mirrored: bool) -> None:
        """Nothing is drawn over the picture."""

    def clear(self, overlay: page.Element) -> None:
        """Nothing is drawn over the picture."""

    def picture(self, given: page.Element, context: Context) -> page.Element:
        """Return the picture."""
        return given

    def reset(self) -> None:
        """Forget the answer."""
        self._answer, self._line.textContent = None, ""
