"""Shared checks of recipes and their bundles."""

import numpy as np

import kinds
from card import Card
from converter.bundle import Files
from converter.golden import Example
from converter.pipeline import About


def agrees(about: About, card: Card) -> bool:
    """Whether a bundle's card matches its recipe."""
    return all(
        getattr(card, name) == value for name, value in vars(about).items() if name != "metrics"
    )


def recorded(example: Example, card: Card, files: Files, number: int) -> bool:
    """Whether an example is the input of one of a bundle's golden vectors."""
    data, pairs = (
        files[card.golden.path],
        zip(example, card.golden.cases[number].inputs, strict=True),
    )
    for sample, stored in pairs:
        same = sample.stored.shape == stored.shape and sample.stored.dtype == stored.dtype
        raw = data[stored.offset : stored.offset + sample.stored.nbytes]
        if (
            not same
            or sample.scale != stored.scale
            or raw != np.ascontiguousarray(sample.stored).tobytes()
        ):
            return False
    return True


def check(card: Card) -> None:
    """Check that a bundle's card names both kinds, and that the model fits them."""
    assert card.input is not None
    assert card.output is not None
    kinds.check(card)
