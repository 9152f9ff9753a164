from typing import Any

import numpy as np
import pytest

import kinds
from card import Card, CardError, Kind
from kinds import Context
from outputs import points
from outputs.points import Points
from tests.unit.cards import card

JOINTS = tuple(f"joint {number}" for number in range(17))


def pose(
    labels: tuple[str, ...] = JOINTS, shape: tuple[int, ...] = (1, 1, 17, 3), **options: object
) -> Card:
    kind = Kind("points", options)
    how: dict[str, Any] = {"fit": "letterbox", "std": 1}
    return card((192, 192), labels, "int32", outputs={"joints": shape}, output=kind, **how)


CARD = pose()
SIZE = Context((100, 200))


def test_keypoints_are_where_they_are_in_the_picture() -> None:
    output = np.zeros((1, 1, 17, 3), np.float32)
    output[0, 0, 0] = 0.25, 0.5, 0.875
    output[0, 0, 16] = 1, 0, 0.125
    found = points.read({"joints": output}, CARD, SIZE)
    # The picture fills the middle half of the input's height: its upper edge is at a quarter.
    assert found.points.shape == (17, 2)
    np.testing.assert_allclose(found.points[0], [100, 0], atol=1e-4)
    np.testing.assert_allclose(found.points[16], [0, 150], atol=1e-4)
    assert found.scores[[0, 1, 16]].tolist() == [0.875, 0, 0.125]
    assert found.names[0] == "joint 0"
    assert found.names[16] == "joint 16"


def test_points_of_a_cropped_picture_are_where_they_are_in_the_whole() -> None:
    output = np.zeros((1, 1, 1, 3), np.float32)
    output[0, 0, 0] = 0.5, 1, 0.5
    cropped = card(
        (192, 192), ("nose",), outputs={"joints": (1, 1, 1, 3)}, output=Kind("points", {})
    )
    found = points.read({"joints": output}, cropped, SIZE)
    np.testing.assert_allclose(found.points, [[150, 50]], atol=1e-4)


@pytest.mark.parametrize("shape", [(1, 17, 3), (1, 1, 16, 3), (1, 6, 56)])
def test_an_output_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected shape \(1, 1, 17, 3\), got"):
        points.read({"joints": np.zeros(shape, np.float32)}, CARD, SIZE)
    with pytest.raises(CardError, match=r"output joints: expected \(1, 1, 17, 3\), got"):
        kinds.check(pose(shape=shape))


def test_a_model_without_labels_must_give_points_too() -> None:
    kinds.check(pose(labels=()))
    with pytest.raises(CardError, match=r"output joints: expected \(1, 1, .*, 3\), got \(1, 17\)"):
        kinds.check(pose(labels=(), shape=(1, 17)))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_refused(bad: float) -> None:
    output = np.zeros((1, 1, 17, 3), np.float32)
    output[0, 0, 3, 1] = bad
    with pytest.raises(ValueError, match="expected finite numbers"):
        points.read({"joints": output}, CARD, SIZE)


def test_without_the_size_of_a_picture_there_are_no_points() -> None:
    with pytest.raises(ValueError, match="points: expected the size of a picture, got none"):
        points.read({"joints": np.zeros((1, 1, 17, 3), np.float32)}, CARD, Context())


def test_a_skeleton_joins_points_that_there_are() -> None:
    kinds.check(pose(skeleton=[[0, 1], [1, 16]]))


@pytest.mark.parametrize(
    ("skeleton", "message"),
    [
        ([[0, 17]], "option skeleton: expected points from 0 to 16, got 17"),
        ([[-1, 3]], "option skeleton: expected points from 0 to 16, got -1"),
        ([[0, 1, 2]], "option skeleton: expected pairs of whole numbers, got"),
        ([[0, 1.5]], "option skeleton: expected pairs of whole numbers, got"),
        ("nose", "option skeleton: expected pairs of whole numbers, got 'nose'"),
    ],
)
def test_a_skeleton_of_other_points_is_refused(skeleton: object, message: str) -> None:
    with pytest.raises(CardError, match=message):
        kinds.check(pose(skeleton=skeleton))


def test_points_are_sent_with_their_names_or_numbers() -> None:
    places = np.array([[1.5, 2], [30, -4]], np.float32)
    scores = np.array([0.5, 0.25], np.float32)
    assert points.to_json(Points(places, scores, ("nose", "chin"))) == {
        "points": [
            {"name": "nose", "x": 1.5, "y": 2, "score": 0.5},
            {"name": "chin", "x": 30, "y": -4, "score": 0.25},
        ]
    }
    (first, _) = points.to_json(Points(places, scores))["points"]  # type: ignore[call-overload]
    assert first["name"] == "0"
