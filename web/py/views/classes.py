"""Show classes as a list of bars, the most probable first."""

from collections.abc import Callable

from card import Card
from host import canvas, page
from kinds import Context
from outputs import classes
from outputs.classes import Classes, Guess


class View:
    """The most probable classes; see `generated.page_halves.View`."""

    def __init__(self, scope: page.Scope) -> None:
        self._answer = Classes(())
        self._rows: list[page.Element] = []
        self._list = scope.find("guesses")
        self._make_rows(int(classes.OPTIONS[0].default))

    def set_card(self, card: Card) -> None:
        """Create as many rows as there are classes in an answer."""
        top = int(classes.OPTIONS[0].value(card.output_options))
        count = min(top, len(card.labels) or top)
        if count != len(self._rows):
            self._make_rows(count)

    def _make_rows(self, count: int) -> None:
        self._rows = [_make_row() for _ in range(count)]
        self._list.replaceChildren(*self._rows)

    def on_change(self, handler: Callable[[], object]) -> None:
        """Do nothing: the whole answer is shown."""

    def take(self, answer: Classes) -> None:
        """Set the answer."""
        self._answer = answer

    def show(self) -> str:
        """Show the classes, and return the most probable one."""
        for row, guess in zip(self._rows, self._answer.guesses, strict=False):
            row.style.setProperty("--p", str(guess.probability))
            row.children[0].textContent = guess.label
            row.children[1].textContent = percent(guess.probability)
        return _words(self._answer.guesses[0])

    def shown(self) -> Classes:
        """Return the whole answer."""
        return self._answer

    def draw(self, overlay: page.Element, context: Context, mirrored: bool) -> None:
        """Do nothing: this view has no overlay."""

    def clear(self, overlay: page.Element) -> None:
        """Do nothing: this view has no overlay."""

    def picture(self, given: page.Element, context: Context) -> page.Element:
        """Return the input with the most probable class written on it."""
        size = context.size or (int(given.height), int(given.width))
        box = canvas.Box(_words(self._answer.guesses[0], " "), 0, 0, size[1], size[0])
        return canvas.with_boxes(given, [box], size)

    def reset(self) -> None:
        """Clear the answer."""
        self._answer = Classes(())
        for row in self._rows:
            row.style.setProperty("--p", "0")
            for cell in row.children:
                cell.textContent = ""


def percent(probability: float) -> str:
    """Format a probability in percent, at most 99.9 %."""
    return f"{min(probability * 100, 99.9):.1f} %"


def _make_row() -> page.Element:
    row = page.make("li")
    row.append(page.make("span", class_="name"), page.make("span", class_="percent"))
    return row


def _words(guess: Guess, separator: str = ", ") -> str:
    return f"{guess.label}{separator}{percent(guess.probability)}"
