"""What is sent back: the answers of the tasks as JSON. The exhibits show the same."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from vision.classify import Guess
from vision.detect import Detection
from vision.digits import Answer

Json: TypeAlias = Mapping[str, Any] | Sequence[Any]


def of_digit(answer: Answer) -> Json:
    """Return the probabilities of the digits 0 to 9."""
    return {"result": list(answer.probabilities)}


def of_guesses(guesses: Sequence[Guess]) -> Json:
    """Return classes and their probabilities, the most probable first."""
    return {
        "results": [
            {"className": guess.label, "probability": guess.probability} for guess in guesses
        ]
    }


def of_detections(detections: Sequence[Detection]) -> Json:
    """Return boxes, upper left and lower right corner in pixels of the picture, best first."""
    return [
        {
            "bbox": [{"x": each.x1, "y": each.y1}, {"x": each.x2, "y": each.y2}],
            "class": each.label,
            "score": each.score,
        }
        for each in detections
    ]
