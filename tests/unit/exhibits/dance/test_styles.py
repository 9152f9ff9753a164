import numpy as np
import pytest

from exhibits.dance.body import JOINTS, REST
from exhibits.dance.improvising import POSTURES
from exhibits.dance.styles import STYLES, Style, lengths, retargeted

every_style = pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)


def at(joints: np.ndarray, name: str) -> list[float]:
    found: list[float] = joints[JOINTS.index(name)].tolist()
    return found


def test_there_are_several_and_no_two_are_alike() -> None:
    assert len({style.name for style in STYLES}) == len(STYLES) >= 3
    built = {tuple(lengths(style)) for style in STYLES}
    assert len(built) == len(STYLES)


@every_style
def test_postures_are_known(style: Style) -> None:
    assert set(style.postures) <= set(POSTURES)
    assert len(style.postures) >= 3


@every_style
def test_bones_are_the_figures_own(style: Style) -> None:
    joints = retargeted(REST, style)
    thigh = np.subtract(at(joints, "left knee"), at(joints, "left hip"))
    np.testing.assert_allclose(thigh, [0, 0.245])
    shoulders = np.subtract(at(joints, "left shoulder"), at(joints, "right shoulder"))
    np.testing.assert_allclose(shoulders, [0.259 * style.wide, 0])
    np.testing.assert_allclose(at(joints, "neck"), [0, -0.288 * style.trunk])
    arm = np.hypot(*np.subtract(at(joints, "left wrist"), at(joints, "left elbow")))
    assert arm == pytest.approx(0.146 * style.arms, rel=0.01)


@every_style
def test_feet_stay_on_the_ground_in_a_crouch(style: Style) -> None:
    crouch = REST.copy()
    crouch[0] = 0, 0.2  # hips a fifth of a leg lower, so thighs and shins look as much shorter
    crouch[11:15] = 0, 0.8
    before, after = retargeted(REST, style), retargeted(crouch, style)
    for ankle in ("left ankle", "right ankle"):
        np.testing.assert_allclose(at(after, ankle), at(before, ankle), atol=1e-9)
    assert at(after, "head")[1] == pytest.approx(at(before, "head")[1] + 0.2 * 0.491)


@every_style
def test_motion_goes_through_the_whole_figure(style: Style) -> None:
    moves = REST.copy()
    moves[0] = 1, 0
    np.testing.assert_allclose(
        retargeted(moves, style), retargeted(REST, style) + np.array([0.491, 0])
    )
