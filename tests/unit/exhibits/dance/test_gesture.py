import pytest

from exhibits.dance.gesture import HandsUp, hands_are_up
from pose import Pose
from tests.unit.exhibits.dance.people import hands_up, person, times, without


@pytest.mark.parametrize(
    ("pose", "up"),
    [
        (hands_up(), True),
        (person(), False),
        (person((170, 180), (10, 10)), False),  # one hand
        (person((90, 90), (90, 90)), False),  # arms stretched out
        (without(hands_up(), "left wrist"), False),
        (without(hands_up(), "nose", "left ear"), True),
        (without(hands_up(), "nose", "left eye", "right eye", "left ear", "right ear"), False),
    ],
)
def test_both_hands_are_above_the_head(pose: Pose, up: bool) -> None:
    assert hands_are_up(pose) is up


def completed(poses: list[Pose | None]) -> list[float]:
    """Return the times at which the gesture is complete, at ten pictures a second."""
    gesture = HandsUp()
    return [i / 10 for i, pose in enumerate(poses) if gesture.update(i / 10, pose)]


def test_it_is_complete_once_when_held_for_six_tenths() -> None:
    assert completed([person(), *[hands_up()] * 30]) == [0.7]


def test_a_wave_is_not_enough() -> None:
    assert completed([*[hands_up()] * 5, *[person()] * 5] * 3) == []


def test_a_lost_hand_is_overlooked_for_a_moment() -> None:
    lost = without(hands_up(), "left wrist")
    assert completed([hands_up(), hands_up(), lost, lost, *[hands_up()] * 5]) == [0.6]
    assert completed([hands_up(), hands_up(), lost, lost, lost, *[hands_up()] * 5]) == []


def test_it_counts_again_after_the_hands_went_down() -> None:
    up, down = [hands_up()] * 10, [person()] * 5
    assert completed([*up, *down, *up]) == [0.6, 2.1]


def test_nobody_has_no_hands() -> None:
    assert completed([hands_up(), hands_up(), *[None] * 5, *[hands_up()] * 5]) == []


def test_its_progress_can_be_shown() -> None:
    gesture = HandsUp()
    assert gesture.share(0) == 0
    for time in times(0.35, start=5):
        gesture.update(time, hands_up())
    assert gesture.share(5.3) == pytest.approx(0.5)
    assert gesture.share(9) == pytest.approx(0.5)  # as long as they were seen
