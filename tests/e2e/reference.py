"""What CPython makes of a picture: Pillow, the same `vision`, and the network in Node's TF.js."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api import answers
from converter import tfjs
from tests.e2e.photographs import as_python_sees
from vision import classify, detect
from vision.card import Card

MODELS = Path(__file__).parents[2] / "models"


def ask(model: str, pictures: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the answers to picture files, in the form of the local API."""
    folder = MODELS / model
    card = Card.from_json((folder / "card.json").read_text(encoding="utf-8"))
    files = {each.path: (folder / each.path).read_bytes() for each in card.files}
    arrays = {name: as_python_sees(data) for name, data in pictures.items()}
    task = classify if card.task == "classify" else detect
    prepared = [task.prepare(rgb, card) for rgb in arrays.values()]
    made = tfjs.run_sizes(files, "wasm", (card.inputs, card.outputs), prepared)
    told: dict[str, Any] = {}
    for (name, rgb), outputs in zip(arrays.items(), made, strict=True):
        size = (rgb.shape[0], rgb.shape[1])
        if card.task == "classify":
            told[name] = answers.of_guesses(classify.read(outputs, card))
        else:
            told[name] = answers.of_detections(detect.read(outputs, card, size))
    return told
