from pathlib import Path

import numpy as np
import pytest
import torch

from models.garments import recipe, training
from models.garments.classifier import Classifier
from models.garments.fashion import Garments


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "BATCH", 5)
    monkeypatch.setattr(training, "SETTLING", 2)
    monkeypatch.setattr(recipe, "WORK", tmp_path)
    monkeypatch.setattr(recipe, "EPOCHS", 2)


def train() -> torch.Tensor:
    """Train on ten white garments; return some of the weights."""
    garments = Garments(np.full((10, 28, 28), 255, np.uint8), np.arange(10, dtype=np.uint8))
    return recipe.trained(garments, Classifier().eval()).image.weight


def test_each_epoch_leaves_a_sheet_and_a_line_of_progress(tmp_path: Path) -> None:
    train()
    assert {path.name for path in tmp_path.iterdir()} == {
        "progress.txt",
        "sheet-001.png",
        "sheet-002.png",
        "training.pt",
    }
    first, second = (tmp_path / "progress.txt").read_text().splitlines()
    assert first.startswith("epoch 1: ")
    assert "named as asked" in second


def test_what_is_trained_is_not_trained_again(tmp_path: Path) -> None:
    weights = train()
    assert torch.equal(train(), weights)
    assert len((tmp_path / "progress.txt").read_text().splitlines()) == 2


def test_codes_are_in_order_of_class_and_the_same_for_a_seed() -> None:
    codes = recipe.codes(3, seed=4)
    assert [int(code.kinds.argmax()) for code in codes] == sorted(list(range(10)) * 3)
    np.testing.assert_array_equal(recipe.codes(3, seed=4)[7].shape, codes[7].shape)
    assert not np.array_equal(recipe.codes(3, seed=5)[7].shape, codes[7].shape)
    assert abs(np.std([[*code.shape, *code.detail] for code in recipe.codes(50, 0)]) - 1) < 0.05
