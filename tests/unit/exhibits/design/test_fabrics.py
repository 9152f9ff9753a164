import numpy as np
import pytest

from exhibits.design import fabrics
from exhibits.design.fabrics import FABRICS, Cloth

PATTERNED = sorted(set(FABRICS) - {"plain"})


def woven(fabric: str, side: int = 120, span: float = 12) -> Cloth:
    """Return a sample of a fabric, 12 pixels of the drawing wide."""
    pixel = span / side
    places = (np.arange(side, dtype=np.float32) + np.float32(0.5)) * np.float32(pixel)
    u, v = np.meshgrid(places, places)
    return FABRICS[fabric].weave(u, v, pixel)


@pytest.mark.parametrize("fabric", FABRICS)
def test_a_fabric_is_within_bounds_and_the_same_every_time(fabric: str) -> None:
    second, light = woven(fabric)
    assert 0 <= np.min(second) <= np.max(second) <= 1
    assert 0.4 <= np.min(light) <= np.max(light) <= 1.2
    again = woven(fabric)
    assert np.array_equal(second, again[0])
    assert np.array_equal(light, again[1])


@pytest.mark.parametrize("fabric", PATTERNED)
def test_a_pattern_can_be_seen_and_is_not_all_there_is(fabric: str) -> None:
    second, light = woven(fabric)
    assert np.std(second) + np.std(light) > 0.04
    assert np.mean(second) < 0.6


@pytest.mark.parametrize("fabric", FABRICS)
def test_a_larger_picture_is_of_the_same_cloth(fabric: str) -> None:
    coarse, fine = woven(fabric)[0], woven(fabric, 480)[0]
    if np.ndim(coarse):
        reduced = np.asarray(fine).reshape(120, 4, 120, 4).mean(axis=(1, 3))
        assert np.abs(reduced - coarse).mean() < 0.05


@pytest.mark.parametrize("fabric", ["stripes", "dots", "check", "floral"])
def test_edges_are_soft(fabric: str) -> None:
    second = np.asarray(woven(fabric, 113)[0])
    between = (second > 0.05) & (second < 0.45)
    assert between.any()


def test_stripes_are_half_of_either_colour_and_go_across() -> None:
    second = np.asarray(woven("stripes")[0])
    assert np.ptp(second, axis=1).max() == 0
    assert second.mean() == pytest.approx(0.5, abs=0.01)


def test_plain_is_plain() -> None:
    assert fabrics.plain(np.zeros(3), np.zeros(3), 1) == (0, 1)
