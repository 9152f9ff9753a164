"""Input kinds and output kinds: their protocols, their options, and how to find them.

A kind is a module: ``inputs/NAME.py`` or ``outputs/NAME.py``. A card names one of each, which
determine page, local API, command line and self-check. The page half of a kind has the same name in
``sources/`` or ``views/``.

Example:
    >>> from kinds import input_kind, output_kind
    >>> arrays = input_kind("picture").prepare(rgb, card)
    >>> answer = output_kind("classes").read(outputs, card, Context())
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from os import listdir
from typing import Any, Literal, Protocol, TypeAlias, cast

from numpy.typing import NDArray

from card import Card, CardError
from options import Option

__all__ = [
    "TASKS",
    "Arrays",
    "Body",
    "Context",
    "GivenError",
    "InputKind",
    "Json",
    "Option",
    "OutputKind",
    "PictureFile",
    "check",
    "input_kind",
    "names",
    "output_kind",
]

Json: TypeAlias = Mapping[str, Any] | Sequence[Any]
"""An answer of the local API."""

Arrays: TypeAlias = Mapping[str, NDArray[Any]]
"""Arrays by the names of a model's inputs or outputs."""

TASKS = {
    "classify": ("picture", "classes"),
    "detect": ("picture", "boxes"),
    "pose": ("picture", "points"),
    "restyle": ("picture", "picture"),
    "sketch": ("drawing", "classes"),
    "generate": ("latent", "picture"),
}
"""Input kind and output kind of well-known tasks."""


class GivenError(ValueError):
    """Unusable input; the message is a sentence for people."""


@dataclass(frozen=True)
class Context:
    """Properties of the input that output kinds need.

    Attributes:
        size: Height and width of the picture in pixels; `None` if the input is not a picture.
    """

    size: tuple[int, int] | None = None


@dataclass(frozen=True)
class Body:
    """Body of a request to the local API: the content of a file, or the fields of JSON."""

    content: bytes = b""
    fields: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class PictureFile:
    """Content of a picture file, which the browser decodes to ``(H, W, 3) uint8 RGB``."""

    content: bytes


class InputKind(Protocol):
    """A module of ``inputs``: converts a visitor's input to a model's inputs."""

    OPTIONS: tuple[Option, ...]

    def check(self, card: Card) -> None:
        """Check that the model's inputs fit.

        Raises:
            CardError: If they do not, or an option is wrong.
        """

    def prepare(self, given: Any, card: Card) -> dict[str, NDArray[Any]]:  # noqa: ANN401
        """Return the model's inputs by name.

        Raises:
            GivenError: If the visitor's input cannot be used.
        """

    def context(self, given: Any) -> Context:  # noqa: ANN401 - each kind takes its own
        """Return the context for the output kind."""

    def parse(self, body: Body, card: Card) -> Any:  # noqa: ANN401 - each kind takes its own
        """Parse a request: return the argument of `prepare`, or a `PictureFile` to decode first.

        Raises:
            GivenError: If this kind does not accept the body.
        """


class OutputKind(Protocol):
    """A module of ``outputs``: converts a model's outputs to an answer."""

    OPTIONS: tuple[Option, ...]

    def check(self, card: Card) -> None:
        """Check that the model's outputs fit.

        Raises:
            CardError: If they do not, or an option is wrong.
        """

    def read(self, outputs: Arrays, card: Card, context: Context) -> Any:  # noqa: ANN401
        """Return the answer, a frozen dataclass of the kind.

        Raises:
            ValueError: If the outputs have other shapes, or hold NaN or infinity.
        """

    def to_json(self, answer: Any) -> Json:  # noqa: ANN401 - the kind's own dataclass
        """Return the local API's JSON of an answer."""


def input_kind(name: str) -> InputKind:
    """Return an input kind.

    Raises:
        CardError: If there is none of this name.
    """
    return cast("InputKind", _module("inputs", name))


def output_kind(name: str) -> OutputKind:
    """Return an output kind.

    Raises:
        CardError: If there is none of this name.
    """
    return cast("OutputKind", _module("outputs", name))


def names(package: Literal["inputs", "outputs"]) -> list[str]:
    """Return the names of all kinds of a package, sorted."""
    files = [name for folder in import_module(package).__path__ for name in listdir(folder)]  # noqa: PTH208 - pathlib is slow to import
    kinds = (name.removesuffix(".py") for name in files if name.endswith(".py"))
    return sorted(name for name in kinds if name != "__init__")


def check(card: Card) -> None:
    """Check that a model fits its card's kinds.

    Raises:
        CardError: If it does not, a kind is unknown, or an option is unknown or wrong.
    """
    for part, kind, find in (
        ("input", card.input, input_kind),
        ("output", card.output, output_kind),
    ):
        if kind is None:
            continue
        module = find(kind.kind)
        known = {option.name: option for option in module.OPTIONS}
        for name in kind.options:
            if name not in known:
                listed = ", ".join(known) or "none"
                raise CardError(f"{part}: {kind.kind} has no option {name!r}; it has {listed}")
        for option in module.OPTIONS:
            option.value(kind.options)
        module.check(card)


def _module(package: Literal["inputs", "outputs"], name: str) -> Any:  # noqa: ANN401
    try:
        if name.isidentifier() and not name.startswith("_"):
            return import_module(f"{package}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{package}.{name}":
            raise
    listed = ", ".join(names(package))
    raise CardError(f"there is no {package[:-1]} kind {name!r}; there are {listed}")
