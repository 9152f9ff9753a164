"""From a model's file to its bundle, in one call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from converter import bundle, golden, parity, readers, vocabulary
from converter.errors import BundleError, ParityError
from converter.golden import Example, Vectors
from converter.passes import optimise
from converter.quantize import Scheme
from vision.card import NAME, Card, Metric, Parity

FLOAT32_ERROR = 1e-3
"""Largest difference from the source in float32, for outputs up to 1; rounding gives 1e-5 or so."""


@dataclass(frozen=True)
class About:
    """What a card says that cannot be read from the model; see `vision.card.Card`."""

    name: str
    title: str
    source: str
    task: str = ""
    license: str = "NOASSERTION"
    labels: tuple[str, ...] = ()
    preprocessing: Mapping[str, Any] = field(default_factory=dict)
    metrics: tuple[Metric, ...] = ()

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise BundleError(
                f"name: expected lower-case letters, digits and dashes, got {self.name!r}"
            )


def convert(  # noqa: PLR0913, PLR0917 - each is for the user to say
    source: Path,
    out: Path,
    about: About,
    scheme: Scheme = "float16",
    examples: Sequence[Example] = (),
    shapes: Mapping[str, tuple[int, ...]] | None = None,
) -> Card:
    """Convert a model, and write its bundle.

    Args:
        source: The model's file.
        out: Folder for the bundle; what else is in it stays.
        about: What the card is to say.
        scheme: What to store weights as.
        examples: Inputs for golden vectors; made up if there are none.
        shapes: Shapes of inputs that the model's file leaves open, by name.

    Returns:
        The card of what was written.

    Raises:
        ConverterError: If the model cannot be read, converted, run or written.
    """
    model = readers.read(source, shapes)
    graph = optimise(model.graph)
    vocabulary.check(graph)
    vectors = golden.record(model, examples or golden.invent(graph.inputs))
    plain = bundle.network(graph, about.name, "none")
    shipped = bundle.network(graph, about.name, scheme)
    errors = [parity.worst(graph, each, vectors) for each in (plain, shipped)]
    _require_parity(errors[0], vectors, model.runtime)
    files = {**shipped, vectors.golden.path: vectors.data}
    card = Card(
        **vars(about),
        inputs=graph.inputs,
        outputs=tuple(output.tensor for output in graph.outputs),
        files=bundle.listing(files),
        parity=Parity(model.runtime, errors[0], errors[1], tolerance(errors[1], vectors)),
        golden=vectors.golden,
    ).sealed()
    bundle.save(out, card, files)
    return card


def _require_parity(error: float, vectors: Vectors, runtime: str) -> None:
    """Refuse a network that answers differently in float32: then something is translated wrongly.

    Raises:
        ParityError: If the largest difference is over `FLOAT32_ERROR`.
    """
    allowed = FLOAT32_ERROR * max(1.0, _largest(vectors))
    if not error <= allowed:
        raise ParityError(
            f"in float32 TF.js's answer differs from that of {runtime} by {error:.2g}, "
            f"expected at most {allowed:.2g}; nothing was written. This is a defect of the "
            "converter: please report it with the model"
        )


def _largest(vectors: Vectors) -> float:
    return max(float(np.abs(each).max()) for case in vectors.outputs for each in case)


def tolerance(shipped: float, vectors: Vectors) -> float:
    """Return how much a browser's answer may differ from the golden one.

    Twice what quantization costs, and 1 % of the largest output for GPUs that compute in float16.
    """
    return float(f"{2 * shipped + 0.01 * _largest(vectors):.2g}")
