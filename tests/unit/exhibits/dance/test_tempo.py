import math

import numpy as np
import pytest

from exhibits.dance import tempo
from tests.unit.exhibits.dance.people import times


@pytest.mark.parametrize("beat", [0.4, 0.5, 0.6, 0.75, 0.9])
def test_the_beat_of_somebody_who_swings_is_found(beat: float) -> None:
    at = times(8)
    speeds = [abs(math.sin(math.pi * time / beat)) for time in at]
    assert tempo.beat(at, speeds) == pytest.approx(beat, abs=0.034)


def test_pictures_need_not_come_evenly() -> None:
    random = np.random.default_rng(2)
    at = np.cumsum(random.uniform(0.02, 0.08, 160)).tolist()
    speeds = [abs(math.sin(math.pi * time / 0.6)) for time in at]
    assert tempo.beat(at, speeds) == pytest.approx(0.6, abs=0.034)


def test_old_motion_is_forgotten() -> None:
    at = times(20)
    speeds = [abs(math.sin(math.pi * time / (0.8 if time < 12 else 0.5))) for time in at]
    assert tempo.beat(at, speeds) == pytest.approx(0.5, abs=0.034)


def test_without_a_beat_one_is_assumed() -> None:
    random = np.random.default_rng(1)
    at = times(8)
    assert tempo.beat([], []) == 0.5
    assert tempo.beat(at[:60], [abs(math.sin(4 * time)) for time in at[:60]]) == 0.5
    assert tempo.beat(at, [1.0] * len(at)) == 0.5
    assert tempo.beat(at, random.uniform(0, 1, len(at)).tolist()) == 0.5
