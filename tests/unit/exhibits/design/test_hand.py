import numpy as np
import pytest

from exhibits.design.hand import Hand
from pose import KEYPOINTS, Pose

WIDTH = 400.0


def pose(
    left: tuple[float, float] | None = None,
    right: tuple[float, float] | None = None,
    shoulders: float = 50,
) -> Pose:
    """Return a person whose shoulders are around (200, 100); wrists are in pixels of the picture.

    A person facing the camera has their left side on the picture's right.
    """
    points, scores = np.zeros((17, 2), np.float32), np.zeros(17, np.float32)
    places = {
        "left shoulder": (200 + shoulders / 2, 100),
        "right shoulder": (200 - shoulders / 2, 100),
        "left wrist": left,
        "right wrist": right,
    }
    for name, place in places.items():
        if place:
            points[KEYPOINTS.index(name)], scores[KEYPOINTS.index(name)] = place, 0.9
    return Pose(points, scores)


def test_a_hand_before_the_chest_is_the_middle_wherever_one_stands() -> None:
    assert Hand().update(pose(right=(200, 100)), WIDTH, True) == (0, 0)


def test_to_the_visitors_right_is_right_on_the_pad() -> None:
    x, y = Hand().update(pose(right=(160, 75)), WIDTH, True) or (0, 0)
    assert (x, y) == pytest.approx((0.5, -0.5))
    x, _ = Hand().update(pose(right=(160, 75)), WIDTH, False) or (0, 0)
    assert x == pytest.approx(-0.5)


def test_who_stands_further_away_reaches_as_far() -> None:
    near = Hand().update(pose(right=(160, 75), shoulders=50), WIDTH, True)
    far = Hand().update(pose(right=(180, 87.5), shoulders=25), WIDTH, True)
    assert near == pytest.approx(far)


def test_beyond_reach_the_point_stays_at_the_edge() -> None:
    assert Hand().update(pose(left=(390, 1)), WIDTH, True) == (-1, -1)


def test_a_hand_that_hangs_down_points_nowhere() -> None:
    hand = Hand()
    assert hand.update(pose(right=(160, 165)), WIDTH, True) is None
    assert hand.update(pose(), WIDTH, True) is None


def test_without_shoulders_or_from_afar_there_is_no_hand() -> None:
    unseen = pose(right=(160, 75))
    unseen.scores[KEYPOINTS.index("left shoulder")] = 0.1
    assert Hand().update(unseen, WIDTH, True) is None
    assert Hand().update(pose(right=(199, 99), shoulders=6), WIDTH, True) is None


def test_the_higher_hand_points_and_the_other_must_be_clearly_higher() -> None:
    hand = Hand()
    both = hand.update(pose(left=(240, 120), right=(160, 80)), WIDTH, True)
    assert both == pytest.approx((0.5, -0.4))
    both = hand.update(pose(left=(240, 70), right=(160, 80)), WIDTH, True)
    assert both == pytest.approx((0.5, -0.4))
    both = hand.update(pose(left=(240, 60), right=(160, 80)), WIDTH, True)
    assert both == pytest.approx((-0.5, -0.8))


def test_a_hand_that_is_held_still_is_still() -> None:
    hand = Hand()
    first = hand.update(pose(right=(160, 80)), WIDTH, True)
    assert hand.update(pose(right=(161, 81)), WIDTH, True) == first
    assert hand.update(pose(right=(164, 81)), WIDTH, True) != first
