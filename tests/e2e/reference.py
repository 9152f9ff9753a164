"""Reference answers in CPython: Pillow, the same kinds, and TF.js in Node."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from card import Card
from converter import tfjs
from kinds import input_kind, output_kind
from tests.e2e.photographs import as_python_sees

MODELS = Path(__file__).parents[2] / "models"


def ask(model: str, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the answers to picture files in the local API's format."""
    folder = MODELS / model
    card = Card.from_json((folder / "card.json").read_text(encoding="utf-8"))
    assert card.input
    assert card.output
    given, answer = input_kind(card.input.kind), output_kind(card.output.kind)
    files = {each.path: (folder / each.path).read_bytes() for each in card.files}
    arrays = {name: as_python_sees(data) for name, data in pictures.items()}
    prepared = [given.prepare(rgb, card)[card.inputs[0].name] for rgb in arrays.values()]
    made = tfjs.run_sizes(files, "wasm", (card.inputs, card.outputs), prepared)
    answers: dict[str, Any] = {}
    for (name, rgb), outputs in zip(arrays.items(), made, strict=True):
        named = {spec.name: array for spec, array in zip(card.outputs, outputs, strict=True)}
        answers[name] = answer.to_json(answer.read(named, card, given.context(rgb)))
    return answers
