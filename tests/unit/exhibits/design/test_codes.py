import math
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from exhibits.design import codes
from exhibits.design.garments import Code
from tests.unit.exhibits.design.garment import code


def vector(*numbers: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array([*numbers, *[0.0] * (32 - len(numbers))], np.float32)


def shaped(*numbers: float) -> Code:
    return replace(code(), shape=vector(*numbers))


def test_a_drawn_code_is_normal_and_the_same_for_the_same_seed() -> None:
    drawn = [codes.drawn(Random(seed), seed % 10) for seed in range(100)]
    numbers = np.stack([np.concatenate([each.shape, each.detail]) for each in drawn])
    assert abs(numbers.mean()) < 0.05
    assert abs(numbers.std() - codes.TYPICAL) < 0.05
    assert drawn[13].kinds.tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert codes.distance(drawn[5], codes.drawn(Random(5), 5)) == 0


def test_half_way_on_the_sphere_keeps_the_length() -> None:
    half = codes.mixed(shaped(3), shaped(0, 3), 0.5)
    np.testing.assert_allclose(half.shape[:2], 3 * math.sqrt(0.5), rtol=1e-5)
    third = codes.mixed(shaped(3), shaped(0, 3), 1 / 3)
    np.testing.assert_allclose(third.shape[:2], [3 * math.cos(math.pi / 6), 1.5], rtol=1e-5)


def test_between_lengths_the_length_goes_evenly() -> None:
    half = codes.mixed(shaped(2), shaped(0, 4), 0.5)
    np.testing.assert_allclose(np.linalg.norm(half.shape), 3, rtol=1e-5)


@pytest.mark.parametrize(("other", "half"), [((-3,), [0, 0]), ((0,), [1.5, 0]), ((3,), [3, 0])])
def test_where_there_is_no_circle_the_way_is_straight(
    other: tuple[float, ...], half: list[float]
) -> None:
    mixed = codes.mixed(shaped(3), shaped(*other), 0.5)
    np.testing.assert_allclose(mixed.shape[:2], half, atol=1e-6)


def test_kinds_are_mixed_straight() -> None:
    mixed = codes.mixed(code(kind=1), code(kind=4), 0.25)
    assert mixed.kinds.tolist() == [0, 0.75, 0, 0, 0.25, 0, 0, 0, 0, 0]


def test_the_ends_of_a_mix_are_what_is_mixed() -> None:
    one, two = codes.drawn(Random(1), 1), codes.drawn(Random(2), 2)
    assert codes.distance(codes.mixed(one, two, 0), one) < 1e-5
    assert codes.distance(codes.mixed(one, two, 1), two) < 1e-5


def walk(x: float, y: float, *fixed: str, seed: int = 7) -> Code:
    return codes.walked(codes.drawn(Random(3), 0), seed, x, y, frozenset(fixed))


def angle(one: Code, two: Code) -> float:
    cosine = one.shape @ two.shape / np.linalg.norm(one.shape) / np.linalg.norm(two.shape)
    return math.acos(min(1, cosine))


def test_on_the_pad_every_point_is_as_typical_as_the_middle() -> None:
    lengths = [np.linalg.norm(walk(x, y).shape) for x in (-1, 0, 1) for y in (-1, 0.3, 1)]
    np.testing.assert_allclose(lengths, lengths[4], rtol=1e-4)


def test_the_pads_edge_is_as_far_as_told_and_its_directions_are_square() -> None:
    middle, right, down = walk(0, 0), walk(1, 0), walk(0, 1)
    assert codes.distance(middle, codes.drawn(Random(3), 0)) == 0
    assert angle(middle, right) == pytest.approx(codes.REACH, abs=1e-3)
    assert angle(middle, down) == pytest.approx(codes.REACH, abs=1e-3)
    assert math.cos(angle(right, down)) == pytest.approx(math.cos(codes.REACH) ** 2, abs=1e-3)
    assert angle(right, walk(-1, 0)) == pytest.approx(2 * codes.REACH, abs=1e-3)


def test_a_small_step_on_the_pad_is_a_small_change() -> None:
    assert 0 < angle(walk(0.5, 0.5), walk(0.51, 0.5)) < 0.011


def test_what_is_fixed_stays_and_the_rest_moves() -> None:
    middle, walked = walk(0, 0), walk(0.5, -0.5, "shape")
    assert np.array_equal(walked.shape, middle.shape)
    assert not np.allclose(walked.detail, middle.detail)
    assert not np.allclose(walk(0.5, -0.5, "detail").shape, middle.shape)
    # What is locked must not change where the rest goes.
    assert np.array_equal(walked.detail, walk(0.5, -0.5).detail)


def test_another_seed_is_another_plane() -> None:
    assert angle(walk(1, 0), walk(1, 0, seed=8)) > 0.5
    assert codes.distance(walk(1, 0), walk(1, 0)) == 0


def test_an_empty_code_stays_where_it_is() -> None:
    empty = codes.walked(shaped(0), 1, 0.5, 0.5, frozenset())
    assert not empty.shape.any()


def test_what_is_approached_is_reached() -> None:
    shown, wanted = codes.drawn(Random(1), 1), codes.drawn(Random(2), 2)
    nearer = codes.approached(shown, wanted, 0.5)
    assert codes.distance(nearer, codes.mixed(shown, wanted, 0.5)) == 0
    for _ in range(12):
        nearer = codes.approached(nearer, wanted, 0.5)
    assert nearer is wanted
