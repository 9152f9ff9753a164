"""What is in the picture: the five likeliest of a thousand classes."""

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from api import answers
from exhibits import photos
from exhibits.reading import Reading, Size
from host import canvas, page, pictures
from vision import classify
from vision.card import Card

GUESSES = 5


async def open() -> None:
    """Answer from now on what is shown here."""
    photos.booth().add(Identify())


async def reset() -> None:
    """Forget the visitor's pictures."""
    photos.booth().reset()


async def attract() -> None:
    """Name what is in one sample photograph after the other."""
    await photos.booth().show_samples_forever()


class Identify(Reading):
    """The guesses, as bars."""

    name = "identify"

    def __init__(self) -> None:
        super().__init__()
        self._guesses: tuple[classify.Guess, ...] = ()
        self._rows = [_make_row() for _ in range(GUESSES)]
        page.find("guesses").replaceChildren(*self._rows)

    def prepare(self, rgb: pictures.Rgb, card: Card) -> NDArray[Any]:
        """See `Reading`."""
        return classify.prepare(rgb, card)

    def read(self, outputs: Sequence[NDArray[Any]], card: Card, size: Size) -> None:
        """See `Reading`."""
        self._guesses = classify.read(outputs, card, GUESSES)
        self.answered = True

    def show(self) -> str:
        """See `Reading`."""
        for row, guess in zip(self._rows, self._guesses, strict=False):
            row.style.setProperty("--p", str(guess.probability))
            row.children[0].textContent = guess.label
            row.children[1].textContent = _percent(guess)
        return f"{self._guesses[0].label}, {_percent(self._guesses[0])}"

    def reset(self) -> None:
        """See `Reading`."""
        self._guesses = ()
        for row in self._rows:
            row.style.setProperty("--p", "0")
            for cell in row.children:
                cell.textContent = ""

    def boxes(self) -> Sequence[canvas.Box]:
        """See `Reading`."""
        return ()

    def summary_boxes(self, size: Size) -> Sequence[canvas.Box]:
        """See `Reading`; the likeliest class, around all of the picture."""
        height, width = size
        best = self._guesses[0]
        return [canvas.Box(f"{best.label} {_percent(best)}", 0, 0, width, height)]

    def to_json(self) -> object:
        """See `Reading`."""
        return answers.of_guesses(self._guesses)


def _make_row() -> page.Element:
    row = page.make("li")
    row.append(page.make("span", class_="name"), page.make("span", class_="percent"))
    return row


def _percent(guess: classify.Guess) -> str:
    return f"{min(guess.probability * 100, 99.9):.1f} %"
