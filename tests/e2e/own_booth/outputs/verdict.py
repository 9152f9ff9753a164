"""Verdict: a class and a number."""

from dataclasses import dataclass
from typing import Any

from card import Card, CardError
from kinds import Arrays, Context, Json, Option

OPTIONS: tuple[Option, ...] = (Option("unit", "text", "", "of the number"),)


@dataclass(frozen=True)
class Verdict:
    """Probabilities of the card's labels, and a number in a unit."""

    classes: dict[str, float]
    value: float
    unit: str


def check(card: Card) -> None:
    """Check that there are as many labels as classes."""
    shapes = {each.name: each.shape for each in card.outputs}
    if shapes != {"classes": (1, len(card.labels)), "value": (1, 1)}:
        raise CardError(f"expected {len(card.labels)} classes and one value, got {shapes}")


def read(outputs: Arrays, card: Card, context: Context) -> Verdict:
    """Return the verdict."""
    probabilities = map(float, outputs["classes"][0])
    unit = str(OPTIONS[0].value(card.output_options))
    return Verdict(
        dict(zip(card.labels, probabilities, strict=True)), float(outputs["value"][0, 0]), unit
    )


def to_json(answer: Verdict) -> Json:
    """Return the verdict as the local API sends it."""
    found: dict[str, Any] = {"classes": answer.classes, "value": answer.value, "unit": answer.unit}
    return found
