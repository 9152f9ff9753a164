"""Trains the generator against its critic; training resumes after an interruption.

Hinge loss and two learning rates (H. Zhang et al.: Self-Attention Generative Adversarial Networks,
2018). The moving average of the generator's weights is shipped.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from models.garments.fashion import Garments
from models.garments.networks import CODE, DETAIL, KINDS, SHAPE, Critic, Generator

SEED = 50
BATCH = 64
GENERATOR_RATE, CRITIC_RATE = 2e-4, 4e-4
BETAS = (0.0, 0.99)
KIND_WEIGHT, CODE_WEIGHT = 0.2, 0.5
"""Loss weights of class and code prediction, relative to the adversarial loss."""
MEMORY = 0.999
"""Decay of the moving average per step."""
SETTLING = 100
"""Batches that recompute the normalization statistics of the averaged generator."""


_LAYOUT: Any = {"memory_format": torch.channels_last}
"""Memory format of weights that is fastest for convolutions on CPUs."""


@dataclass(frozen=True)
class Losses:
    """Mean losses over an epoch.

    Attributes:
        critic: Total loss of the critic.
        generator: Total loss of the generator.
        kind: Cross-entropy of the requested class of generated garments, in nats.
        code: Mean squared error of the predicted code; 1 if nothing of it is recognised.
    """

    critic: float
    generator: float
    kind: float
    code: float


class Training:
    """Training state, saved between epochs."""

    def __init__(self) -> None:
        torch.manual_seed(SEED)
        self.epoch = 0
        self.generator = Generator().to(**_LAYOUT)
        self.critic = Critic().to(**_LAYOUT)
        self.average = copy.deepcopy(self.generator).eval()
        self.generator_step = torch.optim.Adam(
            self.generator.parameters(), GENERATOR_RATE, betas=BETAS
        )
        self.critic_step = torch.optim.Adam(self.critic.parameters(), CRITIC_RATE, betas=BETAS)

    def _parts(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        names = ("generator", "critic", "average", "generator_step", "critic_step")
        return {name: getattr(self, name) for name in names}

    def save(self, path: Path) -> None:
        """Save the state atomically."""
        states = {name: part.state_dict() for name, part in self._parts().items()}
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        torch.save({"epoch": self.epoch, **states}, fresh)
        fresh.replace(path)

    def load(self, path: Path) -> None:
        """Restore a saved state."""
        states = torch.load(path, weights_only=True)
        self.epoch = states["epoch"]
        for name, part in self._parts().items():
            part.load_state_dict(states[name])

    def run_epoch(
        self, garments: Garments, show: Callable[[int, int], None] = lambda done, total: None
    ) -> Losses:
        """Train for one epoch.

        Random numbers are seeded with the epoch's number, so that a resumed training equals an
        uninterrupted one.

        Args:
            garments: Training data.
            show: Called with the steps done and their total.
        """
        torch.manual_seed(SEED * 1000 + self.epoch)
        order = torch.randperm(len(garments.labels)).numpy()
        batches = np.array_split(order, max(1, len(order) // BATCH))
        sums = np.zeros(4)
        for step, batch in enumerate(batches):
            images = _floats(garments.images[batch])
            kinds = functional.one_hot(torch.from_numpy(garments.labels[batch]).long(), KINDS)
            sums += self._step(images, kinds.float())
            show(step + 1, len(batches))
        self.epoch += 1
        _settle(self.average)
        return Losses(*(sums / len(batches)).tolist())

    def _step(self, images: Tensor, kinds: Tensor) -> NDArray[np.float64]:
        """Update the critic, then the generator; return their losses in the order of `Losses`."""
        codes = draw(len(images))
        with _quick():
            made = self.generator(codes).float()
        critic = self._critic_loss((images, made.detach()), (kinds, codes))
        _descend(self.critic_step, critic)
        self.critic.requires_grad_(False)
        whole, kind, code = self._generator_loss(made, codes)
        _descend(self.generator_step, whole)
        self.critic.requires_grad_(True)
        _follow(self.average, self.generator)
        return np.array([critic.item(), whole.item(), kind.item(), code.item()])

    def _critic_loss(self, images: tuple[Tensor, Tensor], asked: tuple[Tensor, Tensor]) -> Tensor:
        """Return the critic's loss on real and generated images of some classes and codes."""
        kinds, codes = asked
        with _quick():
            opinions = self.critic(torch.cat(images), torch.cat([kinds, codes[:, -KINDS:]]))
        (real, made), (named, _), (_, told) = (each.chunk(2) for each in opinions)
        hinge = functional.relu(1 - real).mean() + functional.relu(1 + made).mean()
        kind = functional.cross_entropy(named, kinds)
        code = functional.mse_loss(told, codes[:, :-KINDS])
        return hinge + KIND_WEIGHT * kind + CODE_WEIGHT * code

    def _generator_loss(self, made: Tensor, codes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the generator's total loss, and its class and code terms."""
        with _quick():
            real, named, told = self.critic(made, codes[:, -KINDS:])
        kind = functional.cross_entropy(named, codes[:, -KINDS:])
        code = functional.mse_loss(told, codes[:, :-KINDS])
        return -real.mean() + KIND_WEIGHT * kind + CODE_WEIGHT * code, kind, code


def draw(count: int) -> Tensor:
    """Return random codes ``(count, 74)`` from torch's generator, each of one class."""
    kinds = functional.one_hot(torch.randint(KINDS, (count,)), KINDS).float()
    codes = torch.cat([torch.randn(count, SHAPE + DETAIL), kinds], 1)
    assert codes.shape == (count, CODE)
    return codes


def _quick() -> torch.autocast:
    """Autocast to bfloat16, which halves the time."""
    return torch.autocast("cpu", torch.bfloat16)


def _floats(images: NDArray[np.uint8]) -> Tensor:
    return torch.from_numpy(images)[:, None].float() / 255


def _descend(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()


@torch.no_grad()
def _follow(average: nn.Module, network: nn.Module) -> None:
    pairs = zip(average.parameters(), network.parameters(), strict=True)
    for mean, now in pairs:
        mean.lerp_(now, 1 - MEMORY)


@torch.no_grad()
def _settle(network: nn.Module) -> None:
    """Recompute the running statistics of a network's normalizations."""
    norms = [each for each in network.modules() if isinstance(each, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # a plain mean over all batches
    network.train()
    with _quick():
        for _ in range(SETTLING):
            network(draw(BATCH))
    network.eval()
