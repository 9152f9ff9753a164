"""What is in a picture: from a photograph to the network's input, and from its output to guesses.

How the network was trained to see pictures stands in the card's ``preprocessing``:

- ``mean``, ``std`` and ``channels``, as in `vision.framing`.
- ``fit``: ``crop`` (the middle of the picture; if not given) or ``stretch`` (all of it).
- ``crop``: how much of the middle's sides is taken, 1 if it is not given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision import framing, pixels
from vision.card import Card, CardError

_SLACK = 0.01
"""How far out of 0..1 a probability may be: GPUs that compute in float16 are not exact."""


@dataclass(frozen=True)
class Guess:
    """What may be in a picture, and how probable that is, 0..1."""

    label: str
    probability: float


def prepare(rgb: NDArray[np.uint8], card: Card) -> NDArray[np.float32] | NDArray[np.int32]:
    """Turn a photograph into the network's input.

    Args:
        rgb: ``(H, W, 3) uint8``, of any size.
        card: Of the network; its input is ``(1, h, w, 3)``.

    Returns:
        ``(1, h, w, 3)``, ``float32`` or, if the card says so, whole numbers as ``int32``.

    Raises:
        ValueError: If the array has another shape or dtype.
        CardError: If the card's preprocessing is not as the module says.
    """
    height, width = framing.input_size(rgb, card)
    seen = _fitted(rgb, card, height / width)
    return framing.normalized(pixels.resize(seen, (height, width)), card)


def _fitted(rgb: NDArray[np.uint8], card: Card, aspect: float) -> NDArray[np.uint8]:
    """Return the part of a photograph that the network is to see, ``aspect`` times as high as wide.

    Its sides are whole pixels, so its aspect is a little off.
    """
    fit, share = card.preprocessing.get("fit", "crop"), card.preprocessing.get("crop", 1.0)
    if fit == "stretch":
        return rgb
    if fit != "crop":
        raise CardError(f"preprocessing.fit: expected crop or stretch, got {fit!r}")
    if not isinstance(share, int | float) or not 0 < share <= 1:
        raise CardError(f"preprocessing.crop: expected a share in 0..1, got {share!r}")
    height = min(rgb.shape[0], rgb.shape[1] * aspect) * share
    rows, columns = (max(1, round(side)) for side in (height, height / aspect))
    top, left = (rgb.shape[0] - rows) // 2, (rgb.shape[1] - columns) // 2
    return rgb[top : top + rows, left : left + columns]


def read(outputs: Sequence[NDArray[Any]], card: Card, top: int = 5) -> tuple[Guess, ...]:
    """Turn the network's output into guesses, the most probable first.

    Args:
        outputs: Of the network; the first is ``(1, classes) float32``: probabilities, or, if some
            of them are not within 0..1, logits.
        card: Of the network; its labels are as many as there are classes. If it has none, the
            classes are called by their numbers.
        top: How many guesses; all classes if there are fewer.

    Raises:
        ValueError: If there are not as many numbers as labels, or one is NaN or infinite.
    """
    values = np.asarray(outputs[0], np.float64)
    if values.shape != (1, len(card.labels) or values.size):
        raise ValueError(
            f"outputs: expected shape (1, {len(card.labels)}), one for each label, "
            f"got {values.shape}"
        )
    if not np.isfinite(values).all():
        raise ValueError("outputs: expected finite numbers, got NaN or infinity")
    probabilities = _probabilities(values[0])
    best = np.argsort(-probabilities, kind="stable")[:top]
    labels = card.labels or tuple(map(str, range(values.size)))
    return tuple(Guess(labels[i], float(probabilities[i])) for i in best)


def _probabilities(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities as they are, within 0..1, and logits through a softmax."""
    if values.min() >= -_SLACK and values.max() <= 1 + _SLACK:
        return np.clip(values, 0, 1)
    powers = np.exp(values - values.max())
    made: NDArray[np.float64] = powers / powers.sum()
    return made
