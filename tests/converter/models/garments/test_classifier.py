from pathlib import Path

import numpy as np
import pytest
import torch

from models.garments import classifier
from models.garments.fashion import Garments


@pytest.fixture
def garments() -> Garments:
    """Four garments of each class, whose bright area depends on the class."""
    labels = np.repeat(np.arange(10, dtype=np.uint8), 4)
    images = np.zeros((40, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        row, column = divmod(int(label), 4)
        image[9 * row : 9 * row + 8, 7 * column : 7 * column + 6] = 255
    return Garments(images, labels)


def test_it_learns_and_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, garments: Garments
) -> None:
    monkeypatch.setattr(classifier, "BATCH", 10)
    path = tmp_path / "new" / "classifier.pt"
    judge = classifier.trained(garments, path, epochs=6)
    kinds, seen = classifier.look(judge, garments.images)
    assert (kinds == garments.labels).mean() > 0.8
    assert seen.shape == (40, classifier.FEATURES)
    assert seen.min() >= 0
    again = classifier.trained(garments, path, epochs=0)
    assert torch.equal(again.kind.weight, judge.kind.weight)
    assert not again.training
