import numpy as np
import pytest

from models.garments import measures

CORNERS = np.array([[0, 0], [3, 0], [0, 4]], np.float32)


def test_the_spread_is_the_mean_distance_of_two() -> None:
    assert measures.spread(CORNERS) == pytest.approx((3 + 4 + 5) / 3)


def test_copies_have_no_spread() -> None:
    assert measures.spread(np.ones((4, 3), np.float32)) == 0


def test_distances_are_between_each_and_each() -> None:
    found = measures.distances(CORNERS[:2], np.array([[3, 4]], np.float32))
    np.testing.assert_allclose(found, [[5], [4]])


def test_the_nearest_is_found_with_its_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "_CHUNK", 2)
    points = np.array([[2, 0], [0, 3], [0, 4]], np.float32)
    which, far = measures.nearest(points, CORNERS)
    assert which.tolist() == [1, 2, 2]
    np.testing.assert_allclose(far, [1, 1, 0], atol=1e-3)


def test_what_is_nearer_than_the_neighbours_is_covered() -> None:
    real = np.array([[0.0], [1], [10], [11]], np.float32)
    assert measures.coverage(real, np.array([[0.5]], np.float32), 1) == 0.5
    assert measures.coverage(real, np.array([[0.5], [10.4]], np.float32), 1) == 1
    assert measures.coverage(real, np.array([[30.0]], np.float32), 1) == 0
