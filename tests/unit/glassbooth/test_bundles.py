import json
from pathlib import Path

import pytest

from glassbooth.bundles import BundleEntry, copy_bundles
from glassbooth.errors import BuildError
from glassbooth.hashing import sha256_file
from glassbooth.project import Project
from tests.unit.glassbooth.booths import models_in


def test_a_bundle_is_its_card_and_what_that_lists(project: Project, tmp_path: Path) -> None:
    site = tmp_path / "site"
    card = project.models / "tiny/card.json"
    size = sum((card.parent / name).stat().st_size for name in ("card.json", "model.json"))
    assert copy_bundles(models_in(project), site) == {
        "tiny": BundleEntry(
            "models/tiny-0123456789ab/card.json",
            sha256_file(card),
            size + 4,
            "Tiny",
            "coin",
            "side",
        )
    }
    names = sorted(path.name for path in (site / "models/tiny-0123456789ab").iterdir())
    assert names == ["card.json", "model.json", "weights.bin"]


def test_a_file_that_is_not_what_the_card_says_is_refused(project: Project, tmp_path: Path) -> None:
    (project.models / "tiny/weights.bin").write_text("1235")
    with pytest.raises(BuildError, match=r"weights\.bin is not the file that card\.json describes"):
        copy_bundles(models_in(project), tmp_path / "site")


def test_a_file_that_is_missing_is_named(project: Project, tmp_path: Path) -> None:
    (project.models / "tiny/weights.bin").unlink()
    with pytest.raises(BuildError, match=r"weights\.bin is missing.* convert the model tiny again"):
        copy_bundles(models_in(project), tmp_path / "site")


def test_a_card_must_not_lead_out_of_its_folder(project: Project, tmp_path: Path) -> None:
    folder = project.models / "tiny"
    card = json.loads((folder / "card.json").read_text())
    card["files"][0]["path"] = "../../web/index.html"
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(BuildError, match="is not beside its card"):
        copy_bundles(models_in(project), tmp_path / "site")
