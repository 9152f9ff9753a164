import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from converter import bundle, cli
from converter.errors import SourceError
from models import shipping
from models.errors import DataError, TargetError

DIGITS = Path(cli.__file__).parents[1] / "models" / "digits"


def test_the_size_is_that_of_all_files() -> None:
    card, files = bundle.load(DIGITS)
    on_disk = sum((DIGITS / name).stat().st_size for name in [*files, "card.json"])
    assert shipping.size(card) == on_disk


def test_a_bundle_is_written_with_its_card(tmp_path: Path) -> None:
    made, here = tmp_path / "made", tmp_path / "here"
    shutil.copytree(DIGITS, made)
    card = replace(bundle.load(made)[0], title="Sevens").sealed()
    shipping.ship(card, made, here)
    assert bundle.load(here)[0] == card


def test_a_bundle_that_answers_otherwise_is_told(tmp_path: Path) -> None:
    card = bundle.load(DIGITS)[0]
    strict = replace(card, parity=replace(card.parity, tolerance=1e-9)).sealed()
    with pytest.raises(TargetError, match="does not agree with the original"):
        shipping.ship(strict, DIGITS, tmp_path)


@pytest.mark.parametrize("error", [DataError, TargetError, SourceError])
def test_what_may_go_wrong_ends_a_recipe_with_a_sentence(error: type[Exception]) -> None:
    def recipe() -> None:
        raise error("no such garment")

    with pytest.raises(SystemExit, match="error: no such garment"):
        shipping.run(recipe)
