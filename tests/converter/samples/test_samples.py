"""The sample photographs."""

import json

import pytest
from PIL import Image

from web.samples import recipe

LISTED = json.loads((recipe.HERE / "samples.json").read_text(encoding="utf-8"))


def test_every_photograph_says_whose_it_is() -> None:
    files = [each["file"] for each in LISTED]
    assert files == ["cat.jpg", "coffee.jpg", "rocket.jpg", "astronaut.jpg", "motorcycle.jpg"]
    assert sorted(files) == sorted(path.name for path in recipe.HERE.glob("*.jpg"))
    for each in LISTED:
        assert each.keys() == {"file", "title", "credit", "licence", "source"}
        assert all(each.values())
        assert each["source"].startswith("https://")


def test_photographs_are_small_enough_for_the_first_visit() -> None:
    paths = sorted(recipe.HERE.glob("*.jpg"))
    assert sum(path.stat().st_size for path in paths) <= 300_000
    for path in paths:
        with Image.open(path) as image:
            assert image.format == "JPEG"
            assert image.mode == "RGB"
            assert 300 <= min(image.size) <= max(image.size) <= 640


def test_the_recipe_makes_what_is_there(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path_factory.mktemp("samples")
    monkeypatch.setattr(recipe, "HERE", here)
    recipe.main()
    assert json.loads((here / "samples.json").read_text(encoding="utf-8")) == LISTED
    assert {path.name for path in here.iterdir()} == {
        "samples.json",
        *(each["file"] for each in LISTED),
    }


def test_another_scikit_image_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipe, "SOURCE", recipe.HERE)
    with pytest.raises(recipe.SourceError, match=r"chelsea\.png: is not that of scikit-image 0"):
        recipe.main()
