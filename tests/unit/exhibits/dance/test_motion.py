import numpy as np
import pytest

from exhibits.dance.body import REST, mirrored
from exhibits.dance.motion import Follower

FASTEST, ACCELERATION = 12, 120
"""Guaranteed limits in bone lengths per s and per s²."""


@pytest.mark.parametrize("intervals", [[1 / 30], [1 / 60], [0.1], [0.01, 0.08, 0.03, 0.005]])
def test_speed_and_acceleration_are_bounded_whatever_is_followed(intervals: list[float]) -> None:
    random = np.random.default_rng(5)
    follower = Follower(REST)
    before, velocity = REST, np.zeros_like(REST)
    for i in range(300):
        passed = intervals[i % len(intervals)]
        goal = REST if i % 40 < 20 else random.normal(0, 20, REST.shape)
        after = follower.step(goal, passed)
        now = (after - before) / passed
        assert np.hypot(*now.T).max() <= FASTEST * 1.0001
        assert np.hypot(*(now - velocity).T).max() / passed <= ACCELERATION * 1.0001
        before, velocity = after, now


def test_after_a_gap_it_goes_on_from_where_it_was() -> None:
    follower = Follower(REST)
    after = follower.step(mirrored(REST), 60)
    assert np.hypot(*(after - REST).T).max() <= FASTEST * 0.1 + 1e-9


@pytest.mark.parametrize("passed", [1 / 60, 1 / 30, 0.1])
def test_it_arrives_and_hardly_overshoots(passed: float) -> None:
    goal = REST + np.array([1, 0])
    follower = Follower(REST)
    way = np.array([follower.step(goal, passed)[5, 0] for _ in range(round(1.5 / passed))])
    start = REST[5, 0]
    assert way[-1] == pytest.approx(start + 1, abs=0.01)
    assert way.max() < start + 1.15
    assert (way[round(0.5 / passed) :] > start + 0.9).all()


def test_it_keeps_little_behind_what_moves_steadily() -> None:
    follower = Follower(REST)
    for i in range(60):
        goal = REST + np.array([2 * i / 30, 0])  # two bones a second
        after = follower.step(goal, 1 / 30)
    late = (goal - after)[:, 0] / 2
    assert (late > 0).all()
    assert (late < 0.1).all()


def test_no_time_no_motion() -> None:
    np.testing.assert_array_equal(Follower(REST).step(mirrored(REST), 0), REST)


def test_time_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="expected at least 0 s, got -1 s"):
        Follower(REST).step(REST, -1)
