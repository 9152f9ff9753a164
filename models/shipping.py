"""How every recipe ends: a bundle that is good enough is written and checked."""

import sys
from collections.abc import Callable
from pathlib import Path

from converter import bundle, cli
from converter.errors import ConverterError
from models.errors import DataError, TargetError
from vision.card import Card


def size(card: Card) -> int:
    """Return the bytes of a bundle, card included."""
    return len(card.to_json().encode()) + sum(file.bytes for file in card.files)


def ship(card: Card, made: Path, here: Path, *options: str) -> None:
    """Write a bundle into the folder of its recipe, and check it there.

    Args:
        card: What its card is to be.
        made: Folder that the conversion wrote the bundle to.
        here: The recipe's folder.
        options: More for ``python -m converter check``.

    Raises:
        TargetError: If TF.js does not agree with the original.
    """
    bundle.save(here, card, bundle.load(made)[1])
    if cli.main(["check", str(here), *options]) != 0:
        raise TargetError(f"{here}: TF.js does not agree with the original")


def run(recipe: Callable[[], None]) -> None:
    """Run a recipe as a command: what is expected to go wrong ends it with a sentence."""
    try:
        recipe()
    except (DataError, TargetError, ConverterError) as error:
        sys.exit(f"error: {error}")
