"""The end of every recipe: a bundle that is good enough is written and checked."""

import sys
from collections.abc import Callable
from pathlib import Path

from card import Card
from converter import ConverterError, bundle, check
from models.errors import DataError, TargetError


def size(card: Card) -> int:
    """Return the bytes of a bundle, card included."""
    return len(card.to_json().encode()) + sum(file.bytes for file in card.files)


def ship(card: Card, made: Path, here: Path, source: Path | None = None) -> None:
    """Write a bundle into the folder of its recipe, and check it there.

    Args:
        card: The bundle's card, with metrics.
        made: Folder that the conversion wrote the bundle to.
        here: The recipe's folder.
        source: The model's file, to compare the bundle with.

    Raises:
        TargetError: If TF.js does not agree with the original.
    """
    bundle.save(here, card, bundle.load(made)[1])
    report = check(here, source)
    for each in report.results:
        print(f"{each.stage}, {each.backend}: {each.error:.2e} of {each.allowed:.2e} allowed")
    if not report.passed:
        raise TargetError(f"{here}: TF.js does not agree with the original")


def run(recipe: Callable[[], None]) -> None:
    """Run a recipe as a command; expected errors end it with a sentence."""
    try:
        recipe()
    except (DataError, TargetError, ConverterError) as error:
        sys.exit(f"error: {error}")
