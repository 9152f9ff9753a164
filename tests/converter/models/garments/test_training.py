from pathlib import Path

import numpy as np
import pytest
import torch

from models.garments import training
from models.garments.fashion import Garments
from models.garments.training import Losses, Training


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "BATCH", 4)
    monkeypatch.setattr(training, "SETTLING", 2)


@pytest.fixture
def garments() -> Garments:
    """Ten random garments, one of each class."""
    random = np.random.default_rng(0)
    return Garments(random.integers(0, 256, (10, 28, 28), np.uint8), np.arange(10, dtype=np.uint8))


def weights(state: Training) -> torch.Tensor:
    """Return all trained weights as one vector."""
    parts = (state.generator, state.critic, state.average)
    return torch.cat([each.flatten() for part in parts for each in part.state_dict().values()])


def test_a_resumed_training_goes_as_one_that_was_not_interrupted(
    tmp_path: Path, garments: Garments
) -> None:
    whole = Training()
    whole.run_epoch(garments)
    whole.save(tmp_path / "training.pt")
    expected = whole.run_epoch(garments)
    resumed = Training()
    resumed.load(tmp_path / "training.pt")
    assert resumed.epoch == 1
    assert resumed.run_epoch(garments) == expected
    assert torch.equal(weights(resumed), weights(whole))


def test_an_epoch_changes_every_network_and_tells_its_losses(garments: Garments) -> None:
    state, steps = Training(), list[tuple[int, int]]()
    before = weights(state)
    losses = state.run_epoch(garments, lambda step, of: steps.append((step, of)))
    assert state.epoch == 1
    assert steps == [(1, 2), (2, 2)]
    assert isinstance(losses, Losses)
    assert 0.5 < losses.critic < 5  # untrained: hinge 2, class 0.2 ln 10, code 0.5
    assert 2 < losses.kind < 3
    assert (weights(state) != before).float().mean() > 0.5


def test_the_average_follows_slowly(garments: Garments) -> None:
    state = Training()
    first = state.average.image.weight.clone()
    state.run_epoch(garments)
    far = (state.generator.image.weight - first).abs().mean()
    near = (state.average.image.weight - first).abs().mean()
    assert 0 < near < 0.01 * far


def test_codes_are_of_one_class_each() -> None:
    torch.manual_seed(3)
    codes = training.draw(200)
    assert codes.shape == (200, 74)
    assert set(codes[:, 64:].sum(0).gt(0).tolist()) == {True}
    assert codes[:, 64:].max(1).values.eq(1).all()
    assert abs(codes[:, :64].std().item() - 1) < 0.05
