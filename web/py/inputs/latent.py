"""Latent: the code of a generator, one row ``(1, N)``."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from arrays import only_input
from card import Card, CardError
from inputs.drawing import numbers
from kinds import Body, Context, GivenError, Option

OPTIONS: tuple[Option, ...] = (
    Option("parts", "counts", {}, "parts of the row in their order, and how many numbers each has"),
    Option("choice", "text", "", "part that holds one weight for each label, with sum 1"),
)

Inputs: TypeAlias = dict[str, NDArray[Any]]

FORMS = 'JSON must be {"data": [numbers]}.'


def check(card: Card) -> None:
    """Check that the model takes one row, as long as all parts; see `kinds.InputKind`."""
    count = length(card)
    named = parts(card)
    if sum(named.values()) != count:
        raise CardError(f"option parts: expected {count} numbers together, got {dict(named)}")
    choice = OPTIONS[1].value(card.input_options)
    if choice and named.get(choice) != len(card.labels):
        raise CardError(
            f"option choice: expected a part of {len(card.labels)} numbers, one a label"
        )


def length(card: Card) -> int:
    """Return the length of the model's input.

    Raises:
        CardError: If its input is not ``(1, N) float32``.
    """
    tensor = only_input(card, "latent")
    if len(tensor.shape) != 2 or tensor.dtype != "float32":
        raise CardError(
            f"input {tensor.name}: expected (1, N) float32, got {tensor.shape} {tensor.dtype}"
        )
    return tensor.shape[1]


def parts(card: Card) -> Mapping[str, int]:
    """Return the lengths of the row's parts by name; a single part if the card has none."""
    named: Mapping[str, int] = OPTIONS[0].value(card.input_options)
    return named or {"code": length(card)}


def prepare(
    given: NDArray[Any] | Mapping[str, NDArray[Any]], card: Card
) -> dict[str, NDArray[Any]]:
    """Return the model's input.

    Args:
        given: ``(N,)``, or an array for each part by name.
        card: Card whose input is ``(1, N)``.

    Returns:
        Input by name, ``(1, N) float32``.

    Raises:
        GivenError: If parts or lengths differ, or a number is not finite.
    """
    row = _joined(given, card) if isinstance(given, Mapping) else np.asarray(given, np.float32)
    if row.shape != (length(card),):
        raise GivenError(f"expected {length(card)} numbers, got an array of shape {row.shape}")
    if not np.isfinite(row).all():
        raise GivenError("expected finite numbers, got NaN or infinity")
    return {card.inputs[0].name: row[np.newaxis]}


def context(given: object) -> Context:
    """Return an empty context: no output kind depends on a code."""
    return Context()


def parse(body: Body, card: Card) -> NDArray[np.float32]:
    """Return the numbers of ``{"data": [numbers]}``."""
    if body.fields is None or set(body.fields) != {"data"}:
        raise GivenError(FORMS)
    return numbers(body.fields["data"], length(card))


def _joined(given: Mapping[str, NDArray[Any]], card: Card) -> NDArray[np.float32]:
    expected, got = parts(card), {name: np.size(values) for name, values in given.items()}
    if dict(expected) != got:
        raise GivenError(f"expected the parts {dict(expected)}, got {got}")
    return np.concatenate([np.ravel(given[name]) for name in expected]).astype(np.float32)
