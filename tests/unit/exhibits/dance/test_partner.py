import numpy as np
import pytest
from numpy.typing import NDArray

from exhibits.dance.body import JOINTS, PARENTS
from exhibits.dance.partner import Partner, Way
from exhibits.dance.styles import STYLES, Style, lengths
from pose import Smoother
from tests.unit.exhibits.dance.people import FRAME, person, swinging, times, trembling

PLAIN = STYLES[0]
LEFT, RIGHT = JOINTS.index("left wrist"), JOINTS.index("right wrist")


def reach(style: Style) -> NDArray[np.float64]:
    """Return the length of the bone chain to each joint, ``(15,)``."""
    total = lengths(style)
    for joint, parent in enumerate(PARENTS[1:], 1):
        total[joint] += total[parent]
    return total


def test_it_mirrors_who_moves() -> None:
    partner = Partner(PLAIN)
    at = swinging(0.5)
    for time in times(2):
        partner.update(time, at(time))
    assert partner.way is Way.MIRROR
    for time in times(0.4, start=2):
        joints = partner.update(time, person(left=(90, 180)))
    # The dancer's left is at the picture's right; in a mirror's picture it is at the left.
    assert joints[RIGHT, 0] < -0.2
    assert joints[RIGHT, 1] < joints[JOINTS.index("neck"), 1]
    assert joints[LEFT, 1] > joints[JOINTS.index("neck"), 1]


def test_it_echoes_what_was_a_bar_ago() -> None:
    """A dancer with low-swinging arms raises the left one for half a second at 4.5 s."""
    partner = Partner(PLAIN)
    up: dict[int, list[float]] = {LEFT: [], RIGHT: []}
    for time in times(8):
        angle = 40 - 30 * np.cos(2 * np.pi * time)
        left = 175.0 if 4.5 <= time < 5 else angle
        joints = partner.update(time, person((left, left), (angle, angle)))
        for hand, moments in up.items():
            if time > 5.5 and joints[hand, 1] < joints[JOINTS.index("head"), 1]:
                moments.append(time)
    assert partner.way is Way.ECHO
    assert partner.beat == pytest.approx(0.5, abs=0.034)
    # Four beats of 0.5 s later, and what it takes to get there and back.
    assert 6.5 < up[LEFT][0] < 6.8
    assert 7 < up[LEFT][-1] < 7.3
    assert up[RIGHT] == []


def test_phrases_of_mirror_and_echo_take_turns() -> None:
    partner = Partner(PLAIN)
    at = swinging(0.5)
    ways: list[Way] = []
    for time in times(16):
        partner.update(time, at(time))
        if not ways or ways[-1] is not partner.way:
            ways.append(partner.way)
    assert ways[-4:] == [Way.MIRROR, Way.ECHO, Way.MIRROR, Way.ECHO]


def test_it_improvises_when_the_dancer_stands_still_and_stops_when_they_move() -> None:
    partner, smoother = Partner(PLAIN), Smoother(640)
    random = np.random.default_rng(4)
    at = swinging(0.5)
    ways = {}
    for time in times(9):
        pose = person() if 3 <= time < 7 else at(time)
        partner.update(time, smoother.update(time, trembling(pose, 2.5, random)))
        ways[round(time, 2)] = partner.way
    assert ways[2.5] is Way.MIRROR
    assert ways[3.5] is not Way.IMPROVISE  # a posture is held for a moment
    assert {ways[time] for time in ways if 4.8 < time < 7} == {Way.IMPROVISE}
    assert ways[7.5] is Way.MIRROR


def test_with_nobody_there_it_dances_alone() -> None:
    partner = Partner(PLAIN)
    dance = np.array([partner.update(time, None) for time in times(6)])
    assert partner.way is Way.IMPROVISE
    assert np.ptp(dance[:, [LEFT, RIGHT]], axis=0).min() > 0.1


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_no_joint_ever_jumps(style: Style) -> None:
    """Speed stays bounded when dancers come, go, move, stand still or change place abruptly."""
    partner, random = Partner(style, seed=9), np.random.default_rng(9)
    at = swinging(0.4)
    before, velocity = partner.update(0, None), np.zeros((15, 2))
    for time in times(12, start=FRAME):
        pose = (None, at(time), person(), trembling(person(), 150, random))[int(time / 1.7) % 4]
        after = partner.update(time, pose)
        now = (after - before) / FRAME
        assert (np.hypot(*now.T) <= 12.01 * reach(style)).all()
        assert (np.hypot(*(now - velocity).T) / FRAME <= 120.1 * reach(style)).all()
        before, velocity = after, now


def test_the_same_stream_gives_the_same_dance() -> None:
    at = swinging(0.6)
    partners = Partner(PLAIN, seed=3), Partner(PLAIN, seed=3)
    for time in times(6):
        first, second = (partner.update(time, at(time)) for partner in partners)
        np.testing.assert_array_equal(first, second)


def test_its_figure_can_be_changed_while_it_dances() -> None:
    partner = Partner(STYLES[0])
    for time in times(1):
        first = partner.update(time, None)
    partner.style = STYLES[2]
    second = partner.update(1, None)
    assert np.hypot(*(second[1] - second[0])) > 1.2 * np.hypot(*(first[1] - first[0]))
