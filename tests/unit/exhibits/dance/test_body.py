import numpy as np
import pytest

from exhibits.dance.body import JOINTS, PROPORTIONS, REST, Observer, mirrored, shortened, speed
from pose import Pose
from tests.unit.exhibits.dance.people import person, times, without

LEGS = ("knee", "ankle")


def row(name: str) -> int:
    return JOINTS.index(name)


def read(pose: Pose) -> np.ndarray:
    moves = Observer().read(0, pose)
    assert moves is not None
    return moves


def test_somebody_at_ease_is_at_rest() -> None:
    np.testing.assert_allclose(read(person()), REST, atol=0.02)


def test_arms_are_vectors_of_length_one() -> None:
    moves = read(person(left=(90, 180), right=(0, 90)))
    np.testing.assert_allclose(moves[row("left elbow")], [1, 0], atol=1e-3)
    np.testing.assert_allclose(moves[row("left wrist")], [0, -1], atol=1e-3)
    np.testing.assert_allclose(moves[row("right elbow")], [0, 1], atol=1e-3)
    np.testing.assert_allclose(moves[row("right wrist")], [-1, 0], atol=1e-3)


@pytest.mark.parametrize("height", [80, 400, 2000])
@pytest.mark.parametrize("hips", [(0, 0), (500, 100)])
def test_size_and_place_do_not_matter(height: float, hips: tuple[float, float]) -> None:
    moves = read(person(left=(90, 120), hips=hips, height=height))
    np.testing.assert_allclose(moves, read(person(left=(90, 120))), atol=1e-3)


def test_what_is_not_seen_rests() -> None:
    moves = read(without(person(left=(120, 120)), "left wrist"))
    np.testing.assert_allclose(moves[row("left wrist")], REST[row("left wrist")])
    assert moves[row("left elbow"), 1] < 0


def test_hips_below_the_edge_are_no_hindrance() -> None:
    lower = [f"{side} {part}" for side in ("left", "right") for part in ("hip", *LEGS)]
    moves = read(without(person(left=(90, 180)), *lower))
    np.testing.assert_allclose(moves[row("left wrist")], [0, -1], atol=1e-3)
    np.testing.assert_allclose(moves[[0, 11, 12, 13, 14]], REST[[0, 11, 12, 13, 14]])


def test_without_shoulders_there_is_nobody() -> None:
    assert Observer().read(0, without(person(), "left shoulder")) is None


def test_no_bone_is_longer_than_people_are() -> None:
    pose = person()
    pose.points[9] = 10_000, 0
    assert np.hypot(*read(pose)[row("left wrist")]) == pytest.approx(1.2)


def test_a_step_aside_is_in_lengths_of_a_leg_and_becomes_the_new_home() -> None:
    observer = Observer()
    observer.read(0, person())
    leg = 400 * 0.491
    stepped = person(hips=(320 + leg, 240))
    moves = observer.read(0.033, stepped)
    assert moves is not None
    np.testing.assert_allclose(moves[0], [1, 0], atol=0.02)
    for time in times(15, start=0.1):
        moves = observer.read(time, stepped)
    assert moves is not None
    assert abs(moves[0, 0]) < 0.02


def test_somebody_who_bends_forward_does_not_become_small() -> None:
    observer = Observer()
    for time in times(1):
        observer.read(time, person())
    bent = person(left=(90, 90))
    bent.points[:11, 1] += 60  # the trunk looks half as long, the arms do not
    moves = observer.read(1.03, bent)
    assert moves is not None
    assert np.hypot(*moves[row("left wrist")]) == pytest.approx(1, abs=0.05)
    assert np.hypot(*moves[row("neck")]) == pytest.approx(1 - 60 / (0.288 * 400), abs=0.05)


def test_a_mirror_swaps_left_and_right() -> None:
    moves = read(person(left=(90, 180), right=(10, 10)))
    moves[0] = 0.25, 0.5
    other = read(person(left=(10, 10), right=(90, 180)))
    np.testing.assert_allclose(mirrored(moves)[1:], other[1:], atol=1e-3)
    np.testing.assert_allclose(mirrored(moves)[0], [-0.25, 0.5])
    np.testing.assert_allclose(mirrored(mirrored(moves)), moves)


def test_speed_is_the_mean_of_all_bones() -> None:
    after = REST.copy()
    after[row("left wrist")] += np.array([3, 4])
    assert speed(REST, after, 0.5) == pytest.approx(0.146 * 5 / 15 / 0.5)


def test_proportions_add_up_to_a_person() -> None:
    legs, trunk = PROPORTIONS[row("left knee")] + PROPORTIONS[row("left ankle")], PROPORTIONS[1]
    assert legs == PROPORTIONS[0]
    assert legs + trunk == pytest.approx(0.78, abs=0.01)  # ankles to shoulders: 0.818 - 0.039


def test_shortened_keeps_direction_and_what_is_short() -> None:
    found = shortened(np.array([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]]), 1)
    np.testing.assert_allclose(found, np.array([[0.6, 0.8], [0.3, 0.4], [0.0, 0.0]]))
