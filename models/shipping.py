"""Last step of every recipe: writes and checks the bundle."""

import sys
from collections.abc import Callable
from pathlib import Path

from card import Card
from converter import ConverterError, bundle, check
from models.errors import DataError, TargetError


def size(card: Card) -> int:
    """Return the size of a bundle in bytes, card included."""
    return len(card.to_json().encode()) + sum(file.bytes for file in card.files)


def ship(card: Card, made: Path, here: Path, source: Path | None = None) -> None:
    """Write a bundle into the folder of its recipe, and check it there.

    Args:
        card: The bundle's card, with metrics.
        made: Folder with the converted bundle.
        here: The recipe's folder.
        source: The model's file, which the bundle is compared with.

    Raises:
        TargetError: If TF.js's outputs differ from the original's.
    """
    bundle.save(here, card, bundle.load(made)[1])
    report = check(here, source)
    for each in report.results:
        print(f"{each.stage}, {each.backend}: {each.error:.2e} of {each.allowed:.2e} allowed")
    if not report.passed:
        raise TargetError(f"{here}: TF.js does not agree with the original")


def run(recipe: Callable[[], None]) -> None:
    """Run a recipe as a command; expected errors exit with a message."""
    try:
        recipe()
    except (DataError, TargetError, ConverterError) as error:
        sys.exit(f"error: {error}")
