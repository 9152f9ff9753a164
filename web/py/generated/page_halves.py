"""Protocols of a generated page's halves: a source, from `sources`, and a view, from `views`.

``sources/KIND.py`` has a class ``Source``, ``views/KIND.py`` a class ``View``, each named as the
input kind or output kind that it belongs to. ``KIND.html`` beside it holds its elements.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from camera_runner import CameraFrame
from card import Card
from host import engine, page
from host.site import ExhibitEntry
from kinds import Context


@dataclass(frozen=True)
class Still:
    """A still input, such as a picture.

    Attributes:
        given: Argument of the input kind's `prepare`.
        context: Context for the output kind.
        decode: Time to decode it, in ms.
    """

    given: Any
    context: Context
    decode: float


class Answering(Protocol):
    """Interface of the page for its source."""

    entry: ExhibitEntry
    model: engine.Model | None

    @property
    def in_view(self) -> bool:
        """Whether the page is in view."""

    def expect(self, still: Still | None) -> None:
        """Discard the previous input; `answer` follows."""

    def give(self, still: Still) -> Awaitable[None]:
        """Answer a still input."""

    def answer(self) -> Awaitable[None]:
        """Answer the latest input again."""

    def answer_frame(self, frame: CameraFrame) -> Awaitable[None]:
        """Show the answer to a frame of moving pictures."""

    def stop_answering(self) -> None:
        """Clear the answer after the end of moving pictures."""


class Source(Protocol):
    """Page half of an input kind: gathers the visitor's input."""

    def __init__(self, scope: page.Scope, answering: Answering) -> None:
        """Bind the source's elements."""

    def set_card(self, card: Card) -> None:
        """Take the card, once the network is there."""

    def enter(self) -> None:
        """Come into view."""

    def leave(self) -> None:
        """Stop everything that runs, for another page or another use of this one."""

    def reset(self) -> None:
        """Clear the visitor's input."""

    async def show_samples(self) -> None:
        """Give one sample after the other, forever."""


class View(Protocol):
    """Page half of an output kind: draws an answer."""

    def __init__(self, scope: page.Scope) -> None:
        """Bind the view's elements."""

    def set_card(self, card: Card) -> None:
        """Take the card, once the network is there."""

    def on_change(self, handler: Callable[[], object]) -> None:
        """Call a function when the visitor selects another part of the answer."""

    def take(self, answer: Any) -> None:  # noqa: ANN401 - the kind's own dataclass
        """Set the answer."""

    def show(self) -> str:
        """Show the answer in the view's elements, and return a short summary."""

    def shown(self) -> Any:  # noqa: ANN401 - the kind's own dataclass
        """Return the shown part of the answer."""

    def draw(self, overlay: page.Element, context: Context, mirrored: bool) -> None:
        """Draw the answer on a canvas over the input."""

    def clear(self, overlay: page.Element) -> None:
        """Clear the canvas over the input."""

    def picture(self, given: page.Element, context: Context) -> page.Element:
        """Return a canvas to save: the input with the answer drawn into it."""

    def reset(self) -> None:
        """Clear the answer and the visitor's selection."""


def create_source(kind: str, scope: page.Scope, answering: Answering) -> Source:
    """Return the page half of an input kind."""
    source: Source = import_module(f"sources.{kind}").Source(scope, answering)
    return source


def create_view(kind: str, scope: page.Scope) -> View:
    """Return the page half of an output kind."""
    view: View = import_module(f"views.{kind}").View(scope)
    return view
