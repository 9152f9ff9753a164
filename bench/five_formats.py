"""Writes one network in every supported format, with the same weights."""

# ruff: noqa: ANN401 - Keras and TensorFlow have no types

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
import torch
from keras import layers
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
from torch import Tensor, nn

BLOCKS = ((1, 1), (2, 2), (1, 2), (2, 4), (1, 4))
"""Stride and width of each inverted residual; the width is a multiple of the network's."""

EPSILON = 1e-3
CLASSES = 10


def write(folder: Path, side: int = 32, width: int = 8) -> dict[str, Path]:
    """Write a network like MobileNetV2 in five formats.

    Args:
        folder: Output folder.
        side: Height and width of its input images, which have three channels.
        width: Output channels of its first layer.

    Returns:
        Paths by format name.
    """
    model = in_keras(side, width)
    paths = {
        "Keras 3": folder / "m.keras",
        "HDF5": folder / "m.h5",
        "SavedModel": folder / "saved",
        "frozen graph": folder / "m.pb",
        "PyTorch": folder / "m.pt2",
    }
    for name in ("Keras 3", "HDF5"):
        model.save(paths[name])
    model.export(paths["SavedModel"], verbose=False)
    paths["frozen graph"].write_bytes(_frozen(model, side))
    module = InTorch(width).eval()
    _copy(model, module)
    program = torch.export.export(module, (torch.rand(1, 3, side, side),))
    torch.export.save(program, paths["PyTorch"])
    return paths


def in_keras(side: int, width: int) -> Any:
    """Return the network with random weights and realistic batch statistics."""
    keras.utils.set_random_seed(0)
    image = keras.Input((side, side, 3), name="image")
    x = _activated(layers.Conv2D(width, 3, 2, "same", use_bias=False)(image))
    for stride, times in BLOCKS:
        y = _activated(layers.Conv2D(4 * x.shape[-1], 1, use_bias=False)(x))
        y = _activated(layers.DepthwiseConv2D(3, stride, "same", use_bias=False)(y))
        y = layers.Conv2D(times * width, 1, use_bias=False)(y)
        y = layers.BatchNormalization(epsilon=EPSILON)(y)
        x = layers.Add()([x, y]) if x.shape == y.shape else y
    x = layers.GlobalAveragePooling2D()(x)
    model = keras.Model(image, layers.Dense(CLASSES, "softmax", name="scores")(x))
    random = np.random.default_rng(0)
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.set_weights([random.uniform(0.5, 1.5, each.shape) for each in layer.weights])
        if isinstance(layer, layers.Dense):
            layer.bias.assign(random.normal(size=CLASSES))
    return model


def _activated(x: Any) -> Any:
    return layers.ReLU(6.0)(layers.BatchNormalization(epsilon=EPSILON)(x))


def _frozen(model: Any, side: int) -> bytes:
    spec = tf.TensorSpec((None, side, side, 3), tf.float32, "image")
    concrete = tf.function(model).get_concrete_function(spec)
    frozen: bytes = (
        convert_variables_to_constants_v2(concrete).graph.as_graph_def().SerializeToString()
    )
    return frozen


class Same(nn.Module):
    """A convolution with TensorFlow's "same" padding: odd padding goes below and to the right."""

    def __init__(self, i: int, o: int, kernel: int, stride: int, groups: int = 1) -> None:
        super().__init__()
        self.both = kernel - stride
        self.conv = nn.Conv2d(i, o, kernel, stride, groups=groups, bias=False)

    def forward(self, x: Tensor) -> Any:
        """Pad, and convolve."""
        before, after = self.both // 2, self.both - self.both // 2
        return self.conv(nn.functional.pad(x, (before, after, before, after)))


class Block(nn.Module):
    """An inverted residual."""

    def __init__(self, i: int, o: int, stride: int) -> None:
        super().__init__()
        wide = 4 * i
        self.layers = nn.Sequential(
            nn.Conv2d(i, wide, 1, bias=False), _norm(wide), nn.ReLU6(),
            Same(wide, wide, 3, stride, wide), _norm(wide), nn.ReLU6(),
            nn.Conv2d(wide, o, 1, bias=False), _norm(o),
        )  # fmt: skip
        self.residual = i == o and stride == 1

    def forward(self, x: Tensor) -> Any:
        """Return the features, plus the input if shapes match."""
        return x + self.layers(x) if self.residual else self.layers(x)


class InTorch(nn.Module):
    """The network in PyTorch."""

    def __init__(self, width: int) -> None:
        super().__init__()
        parts: list[nn.Module] = [Same(3, width, 3, 2), _norm(width), nn.ReLU6()]
        i = width
        for stride, times in BLOCKS:
            parts.append(Block(i, times * width, stride))
            i = times * width
        self.features, self.head = nn.Sequential(*parts), nn.Linear(i, CLASSES)

    def forward(self, image: Tensor) -> Any:
        """Return probabilities, `(1, CLASSES)`."""
        return self.head(self.features(image).mean((2, 3))).softmax(1)


def _norm(channels: int) -> nn.Module:
    return nn.BatchNorm2d(channels, eps=EPSILON)


def _copy(model: Any, module: nn.Module) -> None:
    """Copy the Keras network's weights to PyTorch's; layers are in the same order."""
    kinds = nn.Conv2d | nn.BatchNorm2d | nn.Linear
    targets = (each for each in module.modules() if isinstance(each, kinds))
    sources = (layer for layer in model.layers if layer.weights)
    with torch.no_grad():
        for target, source in zip(targets, sources, strict=True):
            values = zip(_tensors(target), source.get_weights(), strict=True)
            for tensor, array in values:
                tensor.copy_(torch.from_numpy(_turned(source, array)))


def _tensors(layer: nn.Module) -> Iterator[Tensor]:
    """Return the weights of a layer in Keras's order."""
    for name in ("weight", "bias", "running_mean", "running_var"):
        tensor = getattr(layer, name, None)
        if tensor is not None:
            yield tensor


def _turned(layer: Any, array: Any) -> Any:
    """Return weights with PyTorch's axis order."""
    if isinstance(layer, layers.DepthwiseConv2D):
        return np.ascontiguousarray(array.transpose(2, 3, 0, 1))
    return np.ascontiguousarray(array.transpose(3, 2, 0, 1) if array.ndim == 4 else array.T)
