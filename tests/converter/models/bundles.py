"""What recipes and the bundles that they made have in common."""

import numpy as np

import kinds
from card import Card
from converter.bundle import Files
from converter.golden import Example
from converter.pipeline import About


def agrees(about: About, card: Card) -> bool:
    """Tell whether a bundle's card says what its recipe says now."""
    return all(
        getattr(card, name) == value for name, value in vars(about).items() if name != "metrics"
    )


def recorded(example: Example, card: Card, files: Files, number: int) -> bool:
    """Tell whether an example is what a golden vector of a bundle was recorded with."""
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
    """Check that a bundle's model fits the kinds that its card names, and that it names both."""
    assert card.input is not None
    assert card.output is not None
    kinds.check(card)
