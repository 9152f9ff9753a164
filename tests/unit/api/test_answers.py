from api import answers
from vision.classify import Guess
from vision.detect import Detection
from vision.digits import Answer


def test_a_digit_is_ten_numbers() -> None:
    probabilities = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.75, 0.0, 0.25)
    assert answers.of_digit(Answer(7, 0.75, probabilities)) == {"result": [*probabilities]}


def test_guesses_are_names_with_probabilities() -> None:
    assert answers.of_guesses([Guess("cat", 0.5)]) == {
        "results": [{"className": "cat", "probability": 0.5}]
    }
    assert answers.of_guesses([]) == {"results": []}


def test_detections_are_corners_class_and_score() -> None:
    assert answers.of_detections([Detection("cup", 0.5, 1.5, 2, 30, 40)]) == [
        {"bbox": [{"x": 1.5, "y": 2}, {"x": 30, "y": 40}], "class": "cup", "score": 0.5}
    ]
    assert answers.of_detections([]) == []
