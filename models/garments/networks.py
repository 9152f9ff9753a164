"""The generator, which is shipped, and the critic that it is trained against."""

import copy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

SHAPE, DETAIL, KINDS = 32, 32, 10
"""Lengths of the parts of a code: shape, detail, and one weight for each class."""
CODE = SHAPE + DETAIL + KINDS

_COARSE, _MIDDLE, _FINE = 128, 64, 32
"""Channels at 7x7, 14x14 and 28x28 pixels."""
_STYLE = 128
_STYLED = (_MIDDLE, _MIDDLE, _FINE)
"""Channels of each layer that is modulated by the detail code."""


class Generator(nn.Module):
    """Maps codes ``(N, 74)`` to garments ``(N, 1, 28, 28)`` in 0..1.

    Shape and class give a 7x7 feature map; detail and class scale and shift the channels of the
    later layers (E. Perez et al.: FiLM: Visual Reasoning with a General Conditioning Layer, 2018).
    510,000 weights.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seed = nn.Linear(SHAPE + KINDS, _COARSE * 49, bias=False)
        self.seed_norm = nn.BatchNorm2d(_COARSE)
        self.style = nn.Sequential(
            nn.Linear(DETAIL + KINDS, _STYLE), nn.ReLU(), nn.Linear(_STYLE, 2 * sum(_STYLED))
        )
        self.larger: nn.Module = nn.ConvTranspose2d(_COARSE, _MIDDLE, 4, 2, 1, bias=False)
        self.more = nn.Conv2d(_MIDDLE, _MIDDLE, 3, padding=1, bias=False)
        self.largest: nn.Module = nn.ConvTranspose2d(_MIDDLE, _FINE, 4, 2, 1, bias=False)
        self.norms = nn.ModuleList(nn.BatchNorm2d(each, affine=False) for each in _STYLED)
        self.image = nn.Conv2d(_FINE, 1, 3, padding=1)

    def forward(self, code: Tensor) -> Tensor:
        """Return the garments of codes."""
        shape, detail, kinds = torch.split(code, [SHAPE, DETAIL, KINDS], 1)
        styles = self.style(torch.cat([detail, kinds], 1))[:, :, None, None]
        parts = torch.split(styles, [each for each in _STYLED for _ in range(2)], 1)
        seed = self.seed(torch.cat([shape, kinds], 1)).view(-1, _COARSE, 7, 7)
        x = functional.relu(self.seed_norm(seed))
        x = self._styled(0, self.larger(x), parts)
        x = x + self._styled(1, self.more(x), parts)
        x = self._styled(2, self.largest(x), parts)
        return torch.sigmoid(self.image(x))

    def _styled(self, layer: int, x: Tensor, parts: tuple[Tensor, ...]) -> Tensor:
        scale, shift = parts[2 * layer], parts[2 * layer + 1]
        return functional.relu(self.norms[layer](x) * (1 + scale) + shift)


def shippable(generator: Generator) -> Generator:
    """Return an equivalent copy for inference.

    Its transposed convolutions are replaced by ordinary ones, four times as wide, followed by a
    depth-to-space step: more multiplications (36 million for a garment), but with faster kernels in
    TF.js. On WebAssembly it takes a quarter of the time.
    """
    made = copy.deepcopy(generator)
    made.larger, made.largest = _unrolled(made.larger), _unrolled(made.largest)
    return made.eval()


def _unrolled(layer: nn.Module) -> nn.Sequential:
    """Return a transposed convolution (4x4, stride 2, padding 1, no bias) without transposition.

    Along each axis, an even output pixel combines the cell at its place and the previous one with
    weights 1 and 3; an odd one combines the cell at its place and the next with weights 2 and 0.
    """
    assert isinstance(layer, nn.ConvTranspose2d)
    weight = layer.weight.detach()
    come, go = weight.shape[:2]
    taps = torch.zeros(2, 3, 4)
    for odd, offset, tap in ((0, 0, 3), (0, 1, 1), (1, 1, 2), (1, 2, 0)):
        taps[odd, offset, tap] = 1
    unrolled = torch.einsum("iokl,adk,bel->oabide", weight, taps, taps)
    convolution = nn.Conv2d(come, 4 * go, 3, padding=1, bias=False)
    convolution.weight.data = unrolled.reshape(4 * go, come, 3, 3)
    return nn.Sequential(convolution, nn.PixelShuffle(2))


class Critic(nn.Module):
    """Predicts whether a garment is real for its class, its class, and its code.

    Real or not: T. Miyato, M. Koyama: cGANs with Projection Discriminator, 2018. Predicting the
    code rewards a generator whose codes make a difference (X. Chen et al.: InfoGAN, 2016).
    """

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Sequential(
            _bounded(nn.Conv2d(1, 48, 4, 2, 1)),
            nn.LeakyReLU(0.2),
            _bounded(nn.Conv2d(48, 96, 4, 2, 1)),
            nn.LeakyReLU(0.2),
            _bounded(nn.Conv2d(96, 128, 3, 1, 1)),
            nn.LeakyReLU(0.2),
            _bounded(nn.Conv2d(128, 128, 4, 2, 1)),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
            _bounded(nn.Linear(128 * 9, 256)),
            nn.LeakyReLU(0.2),
        )
        self.real = _bounded(nn.Linear(256, 1))
        self.fits = _bounded(nn.Linear(KINDS, 256, bias=False))
        self.kind = nn.Linear(256, KINDS)
        self.code = nn.Linear(256, SHAPE + DETAIL)

    def forward(self, images: Tensor, kinds: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return predictions for images ``(N, 1, 28, 28)`` in 0..1.

        Args:
            images: The garments.
            kinds: ``(N, 10)``, one-hot: the class that each should be.

        Returns:
            ``(N,)``, above 0 for real; ``(N, 10)``, logits of the classes; ``(N, 64)``, the code.
        """
        seen = self.look(images * 2 - 1)
        real = self.real(seen)[:, 0] + (self.fits(kinds) * seen).sum(1)
        return real.float(), self.kind(seen).float(), self.code(seen).float()


def _bounded(layer: nn.Module) -> Any:  # noqa: ANN401 - torch types it so
    """Bound a layer's Lipschitz constant (T. Miyato et al.: Spectral Normalization)."""
    return spectral_norm(layer)
