import numpy as np
import pytest

from exhibits.design.cut import MARGIN, cut
from tests.unit.exhibits.design.garment import rectangle


def test_a_garment_is_covered_and_its_ground_is_not() -> None:
    cover = cut(rectangle()).cover
    assert cover.shape == (36, 36)
    assert cover[10:26, 12:24].min() == 1
    cover[10:26, 12:24] = 0
    assert not cover.any()


def test_pale_and_dark_garments_are_cut_alike() -> None:
    pale, dark = cut(rectangle() * np.float32(0.25)), cut(rectangle())
    np.testing.assert_allclose(pale.cover, dark.cover, atol=1e-5)
    np.testing.assert_allclose(pale.folds, dark.folds, atol=1e-3)


def test_an_even_garment_has_no_folds_not_even_at_its_edge() -> None:
    inside = cut(rectangle()).folds[10:26, 12:24]
    assert np.abs(inside).max() < 0.05


def test_a_dark_crease_is_a_fold() -> None:
    drawing = rectangle()
    drawing[8:20, 14] = 0.5
    folds = cut(drawing).folds
    assert folds[16, 14 + MARGIN] < -0.5
    assert folds[16, 10 + MARGIN] > -0.1


def test_crumbs_go_and_straps_stay() -> None:
    drawing = rectangle()
    drawing[2, 2] = 0.8
    drawing[3:6, 14] = 0.8
    cover = cut(drawing).cover
    assert cover[2 + MARGIN, 2 + MARGIN] < 0.1
    assert cover[4 + MARGIN, 14 + MARGIN] > 0.9


def test_small_holes_are_filled_and_gaps_stay() -> None:
    drawing = rectangle()
    drawing[10, 11] = 0
    drawing[12:22, 16] = 0.1
    cover = cut(drawing).cover
    assert cover[10 + MARGIN, 11 + MARGIN] > 0.5
    assert cover[12 + MARGIN : 22 + MARGIN, 16 + MARGIN].max() < 0.4


def test_it_rises_like_a_cushion() -> None:
    made = cut(rectangle())
    left, right = made.across[18, 12], made.across[18, 23]
    assert left > 0.02
    assert right == pytest.approx(-left, abs=1e-6)
    assert made.down[10, 18] > 0.02
    assert made.down[25, 18] < -0.02


def test_its_shadow_falls_below() -> None:
    shadow = cut(rectangle()).shadow
    assert shadow[27, 18] > shadow[8, 18]
    assert shadow[27, 18] > 0.3
    assert not shadow[:4].any()


def test_an_empty_drawing_is_an_empty_cut() -> None:
    made = cut(np.zeros((28, 28), np.float32))
    assert all(np.isfinite(each).all() for each in made.maps)
    assert not made.cover.any()
    assert not made.shadow.any()


def test_a_drawing_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"drawing: expected shape \(28, 28\), got \(32, 32\)"):
        cut(np.zeros((32, 32), np.float32))
