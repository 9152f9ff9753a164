"""What an exhibit for photographs brings: its network, and what is shown of the answers."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from numpy.typing import NDArray

from host import canvas, engine, pictures
from vision.card import Card

Size: TypeAlias = tuple[int, int]
"""Height and width of a picture in pixels."""


class Reading(ABC):
    """A network for photographs, and its present answer.

    Attributes:
        name: The exhibit's page, as in the address.
        model: Once it is loaded.
        answered: Whether there is an answer.
        changed: Called when the visitor wants to see another part of the same answer.
    """

    name: str

    def __init__(self) -> None:
        self.model: engine.Model | None = None
        self.answered = False
        self.changed: Callable[[], object] = lambda: None

    @abstractmethod
    def prepare(self, rgb: pictures.Rgb, card: Card) -> NDArray[Any]:
        """Turn a picture into the network's input."""

    @abstractmethod
    def read(self, outputs: Sequence[NDArray[Any]], card: Card, size: Size) -> None:
        """Take the network's outputs for a picture of this size as the present answer."""

    @abstractmethod
    def show(self) -> str:
        """Show the present answer, and return it in a few words."""

    @abstractmethod
    def boxes(self) -> Sequence[canvas.Box]:
        """Return what is drawn over the picture."""

    @abstractmethod
    def summary_boxes(self, size: Size) -> Sequence[canvas.Box]:
        """Return what is drawn into a picture of this size when it is saved."""

    @abstractmethod
    def reset(self) -> None:
        """Forget the present answer, and what the visitor wanted to see of it."""

    @abstractmethod
    def to_json(self) -> object:
        """Return what is shown of the answer, in the form of the local API."""
