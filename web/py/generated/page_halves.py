"""What a generated page asks of its two halves: a source, from `sources`, and a view, from `views`.

``sources/KIND.py`` has a class ``Source``, ``views/KIND.py`` a class ``View``, each named as the
input kind or output kind that it belongs to. ``KIND.html`` beside it holds its elements.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from camera_runner import Frame
from card import Card
from host import engine, page
from host.site import ExhibitEntry
from kinds import Context


@dataclass(frozen=True)
class Still:
    """A still input, such as a picture.

    Attributes:
        given: What the input kind's `prepare` takes.
        context: What the output kind has to know of it.
        decode: ms that it took to get it.
    """

    given: Any
    context: Context
    decode: float


class Answering(Protocol):
    """The page, as a source knows it."""

    entry: ExhibitEntry
    model: engine.Model | None

    @property
    def in_view(self) -> bool:
        """Whether the page is the one in view."""

    def expect(self, still: Still | None) -> None:
        """Replace the current input; `answer` follows."""

    def give(self, still: Still) -> Awaitable[None]:
        """Answer a still input."""

    def answer(self) -> Awaitable[None]:
        """Answer the current input once more."""

    def answer_frame(self, frame: Frame) -> Awaitable[None]:
        """Show the answer to one of many frames."""

    def stop_answering(self) -> None:
        """Show no answer until the next one: moving pictures have ended."""


class Source(Protocol):
    """Page half of an input kind: gathers what the visitor gives."""

    def __init__(self, scope: page.Scope, answering: Answering) -> None:
        """Bind the source's elements."""

    def set_card(self, card: Card) -> None:
        """Take the card, once the network is there."""

    def enter(self) -> None:
        """Come into view."""

    def leave(self) -> None:
        """Leave the view, or make room for another input: stop whatever runs."""

    def reset(self) -> None:
        """Clear the input."""

    async def show_samples(self) -> None:
        """Give one sample after the other, for ever."""


class View(Protocol):
    """Page half of an output kind: draws an answer."""

    def __init__(self, scope: page.Scope) -> None:
        """Bind the view's elements."""

    def set_card(self, card: Card) -> None:
        """Take the card, once the network is there."""

    def on_change(self, handler: Callable[[], object]) -> None:
        """Call a function when the visitor changes which part of the answer is shown."""

    def take(self, answer: Any) -> None:  # noqa: ANN401 - the kind's own dataclass
        """Take a new answer, to be shown from now on."""

    def show(self) -> str:
        """Show the answer, and return a summary of a few words."""

    def shown(self) -> Any:  # noqa: ANN401 - the kind's own dataclass
        """Return the part of the answer that is shown."""

    def draw(self, overlay: page.Element, context: Context, mirrored: bool) -> None:
        """Draw the answer on a canvas that overlays the input."""

    def clear(self, overlay: page.Element) -> None:
        """Clear that canvas."""

    def picture(self, given: page.Element, context: Context) -> page.Element:
        """Return a canvas to save: the input with the answer drawn into it."""

    def reset(self) -> None:
        """Clear the answer and the visitor's choices."""


def create_source(kind: str, scope: page.Scope, answering: Answering) -> Source:
    """Return the page half of an input kind."""
    source: Source = import_module(f"sources.{kind}").Source(scope, answering)
    return source


def create_view(kind: str, scope: page.Scope) -> View:
    """Return the page half of an output kind."""
    view: View = import_module(f"views.{kind}").View(scope)
    return view
