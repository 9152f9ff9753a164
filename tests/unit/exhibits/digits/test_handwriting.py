import math

import pytest

from exhibits.digits.handwriting import DIGITS, traced


def test_a_pen_passes_each_corner_in_steps_that_are_small_enough() -> None:
    corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 0.1)]
    places = list(traced(corners, 0.4))
    assert places == [
        (0.0, 0.0),
        pytest.approx((1 / 3, 0)),
        pytest.approx((2 / 3, 0)),
        (1.0, 0.0),
        (1.0, 0.1),
    ]


def test_each_digit_lies_within_the_drawing() -> None:
    assert sorted(DIGITS) == list(range(10))
    for strokes in DIGITS.values():
        for stroke in strokes:
            assert len(stroke) > 1
            assert all(0.1 < x < 0.9 and 0.1 < y < 0.9 for x, y in stroke)
            assert sum(map(math.dist, stroke, stroke[1:])) > 0.2
