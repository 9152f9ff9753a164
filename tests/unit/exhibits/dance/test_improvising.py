import numpy as np
import pytest

from exhibits.dance.body import JOINTS
from exhibits.dance.improvising import improvised
from exhibits.dance.styles import STYLES, Style, retargeted

every_style = pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
BEATS = np.arange(0, 32, 1 / 16)


@every_style
def test_the_same_beat_and_seed_give_the_same(style: Style) -> None:
    np.testing.assert_array_equal(improvised(17.3, style, 4), improvised(17.3, style, 4))
    others = [improvised(17.3, style, seed) for seed in range(8)]
    assert any(not np.allclose(others[0], other) for other in others)


@every_style
def test_it_goes_on_without_a_jump(style: Style) -> None:
    dance = np.array([improvised(beats, style, 1) for beats in BEATS])
    steps = np.hypot(*np.moveaxis(np.diff(dance, axis=0), -1, 0))
    assert steps.max() < 0.9  # a sixteenth of a beat, also of the snappiest
    assert np.ptp(dance[:, 5:9], axis=0).min() > 0.25  # arms move
    assert np.hypot(*dance[:, 1:].reshape(-1, 2).T).max() < 1.1


@every_style
def test_it_takes_several_postures_and_both_sides(style: Style) -> None:
    settled = [improvised(2 * turn + 1.999, style, 1).round(2) for turn in range(40)]
    assert len({each.tobytes() for each in settled}) >= 4


@every_style
def test_it_goes_into_the_knees_on_the_beat_and_the_feet_stay(style: Style) -> None:
    on, off = (retargeted(improvised(beats, style, 1), style) for beats in (20.0, 20.5))
    ankles = [JOINTS.index("left ankle"), JOINTS.index("right ankle")]
    np.testing.assert_allclose(on[ankles, 1], off[ankles, 1], atol=0.01)
    hips = [retargeted(improvised(beats, style, 1), style)[0, 1] for beats in BEATS]
    assert np.ptp(hips) > 0.5 * 0.491 * style.bounce
