"""Small random PyTorch networks of various architectures."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from converter import bundle, diverge, tfjs
from converter.measure import Form
from converter.passes import optimise
from converter.readers.torch import from_module


def conv(  # noqa: PLR0917
    i: int, o: int, k: int = 3, s: int = 1, g: int = 1, act: nn.Module | None = None
) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(i, o, k, s, k // 2, groups=g, bias=False), nn.BatchNorm2d(o), act or nn.ReLU()
    )


class ResNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(conv(3, 8, 7, 2), nn.MaxPool2d(3, 2, 1))
        self.a, self.b = conv(8, 16, 3, 2), conv(16, 16, act=nn.Identity())
        self.short = nn.Conv2d(8, 16, 1, 2)
        self.head = nn.Linear(16, 5)

    def forward(self, x: Tensor) -> Any:
        x = self.stem(x)
        x = torch.relu(self.b(self.a(x)) + self.short(x))
        return self.head(nn.functional.adaptive_avg_pool2d(x, 1).flatten(1))


class MobileNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = conv(3, 16, 3, 2, act=nn.Hardswish())
        self.deep = conv(16, 16, 5, 1, 16, nn.Hardswish())
        self.squeeze = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(16, 8, 1), nn.ReLU(), nn.Conv2d(8, 16, 1),
            nn.Hardsigmoid(),
        )  # fmt: skip
        self.out = conv(16, 16, 1, act=nn.Identity())

    def forward(self, x: Tensor) -> Any:
        x = self.stem(x)
        y = self.deep(x)
        return (self.out(y * self.squeeze(y)) + x).mean((2, 3))


class UNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.down, self.mid = conv(3, 8), conv(8, 16)
        self.up = nn.ConvTranspose2d(16, 8, 3, 2, 1, output_padding=1)
        self.out = nn.Conv2d(16, 2, 1)

    def forward(self, x: Tensor) -> Any:
        x = self.down(x)
        y = self.up(self.mid(nn.functional.max_pool2d(x, 2)))
        y = torch.cat([x, y], 1)
        y = nn.functional.interpolate(y, scale_factor=2.0, mode="bilinear")
        return self.out(y)


class ViT(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, 16, 8, 8)
        self.place = nn.Parameter(torch.randn(1, 16, 16))
        self.qkv, self.proj = nn.Linear(16, 48), nn.Linear(16, 16)
        self.n1, self.n2 = nn.LayerNorm(16), nn.LayerNorm(16)
        self.mlp = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16))

    def forward(self, x: Tensor) -> Any:
        x = self.patch(x).flatten(2).transpose(1, 2) + self.place
        q, k, v = self.qkv(self.n1(x)).reshape(1, 16, 3, 4, 4).permute(2, 0, 3, 1, 4)
        y = nn.functional.scaled_dot_product_attention(q, k, v)
        x = x + self.proj(y.transpose(1, 2).reshape(1, 16, 16))
        return (x + self.mlp(self.n2(x)))[:, 0]


class Yolo(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem, self.next = conv(3, 8, 3, 4, act=nn.SiLU()), conv(8, 12, 3, 2, act=nn.SiLU())
        self.heads = nn.ModuleList([nn.Conv2d(8, 14, 1), nn.Conv2d(12, 14, 1)])

    def forward(self, x: Tensor) -> Any:
        a = self.stem(x)
        b = self.next(a)
        flat = torch.cat([h(f).flatten(2) for h, f in zip(self.heads, (a, b), strict=True)], 2)
        rows = flat.transpose(1, 2)
        box, scores = rows[..., :4], rows[..., 4:]
        low, high = box.chunk(2, 2)
        return torch.cat([(low + high) / 2, high - low], 2), scores.sigmoid()


class ConvNeXt(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem, self.deep = nn.Conv2d(3, 12, 4, 4), nn.Conv2d(12, 12, 7, padding=3, groups=12)
        self.norm, self.a, self.b = nn.LayerNorm(12), nn.Linear(12, 48), nn.Linear(48, 12)
        self.gamma = nn.Parameter(torch.rand(12))

    def forward(self, x: Tensor) -> Any:
        x = self.stem(x)
        y = self.norm(self.deep(x).permute(0, 2, 3, 1))
        y = self.gamma * self.b(nn.functional.gelu(self.a(y)))
        return (x + y.permute(0, 3, 1, 2)).mean((2, 3))


class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(6, 8, num_layers=2, bidirectional=True, batch_first=True)
        self.gru = nn.GRU(16, 5, batch_first=True)

    def forward(self, x: Tensor) -> Any:
        return self.gru(self.lstm(x)[0])[0]


IMAGE = (1, 3, 32, 32)
ALL: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...], int]] = {
    "resnet": (ResNet, IMAGE, 0),
    "mobilenet": (MobileNet, IMAGE, 0),
    "unet": (UNet, IMAGE, 0),
    "vit": (ViT, IMAGE, 4),
    "yolo": (Yolo, IMAGE, 0),
    "convnext": (ConvNeXt, IMAGE, 0),
    "lstm": (Recurrent, (1, 7, 6), 99),
}
"""Module, input shape, and maximum number of remaining transposes."""


@pytest.mark.parametrize("name", ALL)
def test_an_architecture_agrees_with_torch(name: str) -> None:
    build, shape, transposes = ALL[name]
    torch.manual_seed(0)
    module, given = build().eval(), torch.rand(shape)
    source = from_module(module, (given,))
    graph = optimise(source.graph)
    assert sum(node.op == "Transpose" for node in graph.nodes) <= transposes
    with torch.no_grad():
        made = module(given)
    expected = [each.numpy() for each in (made if isinstance(made, tuple) else (made,))]
    image = np.moveaxis(given.numpy(), 1, -1) if len(shape) == 4 else given.numpy()
    outputs = [output.tensor for output in graph.outputs]
    files = bundle.network(graph, "net", "none")
    known = diverge.source(source, [image])
    shown = diverge.network(Form(graph, files), "wasm", [image])
    assert diverge.first(graph.nodes, known, shown, 1e-4) is None
    assert len({node.name for node in graph.nodes} & set(known)) > 2
    for backend in tfjs.BACKENDS:
        got = tfjs.run(files, backend, (graph.inputs, outputs), [[image]]).outputs[0]
        for a, b in zip(got, expected, strict=True):
            want = np.moveaxis(b, 1, -1) if b.ndim == 4 else b
            np.testing.assert_allclose(a, want, atol=1e-4)
