"""A classifier of real garments, which evaluates the generator.

It is trained on the same real garments as the generator, but takes no part in its training.
"""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from models.garments.fashion import Garments
from models.garments.networks import KINDS

SEED = 51
EPOCHS = 6
BATCH = 128
LEARNING_RATE = 3e-3
FEATURES = 128

Images = NDArray[np.uint8]


class Classifier(nn.Module):
    """Classifies garments ``(N, 1, 28, 28)`` in 0..1: logits ``(N, 10)``."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Sequential(
            *_block(1, 32, 5, 2), *_block(32, 64, 3, 1), *_block(64, 128, 3, 2), nn.Flatten()
        )
        self.features = nn.Sequential(nn.Linear(128 * 49, FEATURES), nn.ReLU())
        self.kind = nn.Linear(FEATURES, KINDS)

    def forward(self, images: Tensor) -> Tensor:
        """Return logits ``(N, 10)``."""
        logits: Tensor = self.kind(functional.dropout(self.see(images), 0.3, self.training))
        return logits

    def see(self, images: Tensor) -> Tensor:
        """Return non-negative features ``(N, 128)``."""
        seen: Tensor = self.features(self.look(images))
        return seen


@torch.no_grad()
def look(classifier: Classifier, images: Images) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return the class ``(N,)`` of images ``(N, 28, 28) uint8``, and features ``(N, 128)``."""
    seen = torch.cat([classifier.see(_floats(each)) for each in _parts(images, 500)])
    return classifier.kind(seen).argmax(1).numpy(), seen.numpy()


def trained(garments: Garments, path: Path, epochs: int = EPOCHS) -> Classifier:
    """Return the trained classifier, loaded from its file if it exists.

    Args:
        garments: Training data.
        path: File of its weights.
        epochs: Number of epochs.
    """
    torch.manual_seed(SEED)
    classifier = Classifier()
    if path.exists():
        classifier.load_state_dict(torch.load(path, weights_only=True))
        return classifier.eval()
    steps = epochs * (len(garments.labels) // BATCH)
    optimizer = torch.optim.AdamW(classifier.parameters(), LEARNING_RATE, weight_decay=1e-2)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps)
    for epoch in range(epochs):
        loss = _run_epoch(classifier, garments, optimizer, rate)
        print(f"classifier, epoch {epoch + 1} of {epochs}: loss {loss:.4f}", flush=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(classifier.state_dict(), path)
    return classifier.eval()


def _run_epoch(
    classifier: Classifier,
    garments: Garments,
    optimizer: torch.optim.Optimizer,
    rate: torch.optim.lr_scheduler.LRScheduler,
) -> float:
    """Train for one epoch; return the mean loss in nats."""
    order = torch.randperm(len(garments.labels)).numpy()
    batches = len(order) // BATCH
    total = 0.0
    for batch in np.split(order[: batches * BATCH], batches):
        images = _shifted(_floats(garments.images[batch]))
        labels = torch.from_numpy(garments.labels[batch]).long()
        loss = functional.cross_entropy(classifier(images), labels)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        rate.step()
        total += loss.item()
    return total / batches


def _shifted(images: Tensor) -> Tensor:
    """Return a batch shifted by at most one pixel, the same for all images."""
    down, right = torch.randint(3, (2,)).tolist()
    return functional.pad(images, (1, 1, 1, 1))[:, :, down : down + 28, right : right + 28]


def _block(come: int, go: int, size: int, stride: int) -> tuple[nn.Module, ...]:
    convolution = nn.Conv2d(come, go, size, stride, size // 2, bias=False)
    return convolution, nn.BatchNorm2d(go), nn.ReLU()


def _floats(images: Images) -> Tensor:
    return torch.from_numpy(images)[:, None].float() / 255


def _parts(images: Images, size: int) -> list[Images]:
    return [images[start : start + size] for start in range(0, len(images), size)]
