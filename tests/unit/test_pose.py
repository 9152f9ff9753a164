import math

import numpy as np
import pytest
from numpy.typing import NDArray

from pose import KEYPOINTS, Pose, Smoother
from tests.unit.exhibits.dance.people import FRAME, person, times, trembling, without

SIDE = 640


def smooth(poses: list[Pose]) -> NDArray[np.float32]:
    """Return the smoothed points ``(N, 17, 2)`` of a stream at 30 frames per second."""
    smoother = Smoother(SIDE)
    return np.stack([smoother.update(i * FRAME, pose).points for i, pose in enumerate(poses)])


def moving(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the smoothed positions of a point with these true positions; all points move alike."""
    poses = [Pose(np.full((17, 2), at, np.float32), np.ones(17, np.float32)) for at in x]
    return smooth(poses)[:, 0, 0].astype(np.float64)


def behind(x: NDArray[np.float64], shown: NDArray[np.float64], speed: float) -> float:
    """Return the maximum lag in s of a point that moves at this speed."""
    return float((x - shown).max() / speed)


def test_a_still_dancers_jitter_falls_five_times() -> None:
    random = np.random.default_rng(7)
    still = person()
    poses = [trembling(still, SIDE / 250, random) for _ in range(900)]
    raw = np.stack([pose.points for pose in poses])[60:]
    shown = smooth(poses)[60:]
    before, after = (points.std(axis=0) for points in (raw, shown))
    assert before.mean() / after.mean() >= 5
    # What the eye sees is the step from picture to picture: that falls far more.
    steps = [np.diff(points, axis=0).std() for points in (raw, shown)]
    assert steps[0] / steps[1] >= 15
    np.testing.assert_allclose(shown.mean(axis=(0)), still.points, atol=1)


@pytest.mark.parametrize("sides", [0.5, 1, 2, 4])
def test_a_quick_point_is_less_than_80_ms_late(sides: float) -> None:
    speed = sides * SIDE
    x = 100 + speed * np.maximum(0, np.array(times(1.5)) - 1)
    assert behind(x, moving(x), speed) < 0.08


@pytest.mark.parametrize(("hertz", "amplitude"), [(1, 0.3), (2, 0.1), (2, 0.2), (3, 0.1)])
def test_a_swinging_point_is_less_than_80_ms_late(hertz: float, amplitude: float) -> None:
    at = np.array(times(8))
    x = SIDE * (0.5 + amplitude * np.sin(2 * math.pi * hertz * at))
    turning = np.exp(-2j * math.pi * hertz * at)[60:]
    shown = moving(x)[60:]
    late = np.angle((x[60:] * turning).sum() / (shown * turning).sum()) / (2 * math.pi * hertz)
    assert 0 < late < 0.08


def test_a_reach_arrives_less_than_80_ms_late() -> None:
    """A reach of 0.3 s with a minimum-jerk profile (Flash and Hogan, 1985)."""
    at = np.array(times(2))
    share = np.clip((at - 0.5) / 0.3, 0, 1)
    x = 100 + 250 * share**3 * (10 - 15 * share + 6 * share**2)
    shown = moving(x)
    for place in (150, 225, 325):
        assert 0 < np.interp(place, shown, at) - np.interp(place, x, at) < 0.08
    assert shown.max() <= 350


def test_what_is_not_seen_stays() -> None:
    hand = KEYPOINTS.index("left wrist")
    shown = smooth([person(), person(), without(person(), "left wrist")])
    np.testing.assert_allclose(shown[2, hand], person().points[hand], rtol=1e-5)


def test_what_comes_back_soon_is_followed_and_later_is_there_at_once() -> None:
    hand = KEYPOINTS.index("left wrist")
    low, high = person(), person(left=(90, 90))
    for pictures, at_once in ((5, False), (20, True)):
        lost = [without(low, "left wrist")] * pictures
        shown = smooth([low, *lost, high])[-1, hand]
        assert np.allclose(shown, high.points[hand], atol=0.5) is at_once


def test_the_size_of_the_picture_does_not_matter() -> None:
    random = np.random.default_rng(3)
    poses = [trembling(person(), 2, random) for _ in range(20)]
    half, whole = Smoother(320), Smoother(640)
    for i, pose in enumerate(poses):
        small = half.update(
            i * FRAME, Pose((pose.points / 2).astype(np.float32), pose.scores)
        ).points
        large = whole.update(i * FRAME, pose).points
    np.testing.assert_allclose(small * 2, large, rtol=1e-4)


def test_scores_pass() -> None:
    pose = without(person(), "nose")
    assert Smoother(SIDE).update(0, pose).scores.tolist() == pose.scores.tolist()


def test_a_picture_without_a_side_is_refused() -> None:
    with pytest.raises(ValueError, match="side: expected more than 0, got 0"):
        Smoother(0)


def test_time_only_goes_on() -> None:
    smoother = Smoother(SIDE)
    smoother.update(1.5, person())
    with pytest.raises(ValueError, match=r"expected more than 1\.5 s, got 1\.5 s"):
        smoother.update(1.5, person())
