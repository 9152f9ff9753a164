import numpy as np
import pytest
from numpy.typing import NDArray

from exhibits.design.cut import cut
from exhibits.design.fabrics import FABRICS
from exhibits.design.look import Look
from exhibits.design.picture import SPAN, GarmentPicture, paint
from tests.unit.exhibits.design.garment import RED_ON_WHITE, rectangle

SIDE = 170
PIXELS = SIDE / SPAN
"""Pixels of the picture per pixel of the drawing."""


def painted(side: int = SIDE, fabric: str = "plain") -> NDArray[np.uint8]:
    return paint(cut(rectangle()), Look(RED_ON_WHITE.colours, fabric), side)


def test_a_red_garment_on_white_ground() -> None:
    picture = painted()
    assert picture.shape == (SIDE, SIDE, 4)
    assert picture.dtype == np.uint8
    assert picture[..., 3].min() == 255
    red, green, blue, _ = picture[SIDE // 2, SIDE // 2]
    assert red > 200
    assert (green, blue) == (0, 0)
    assert picture[2, 2, :3].min() > 245


def test_the_garment_is_as_large_as_it_was_drawn() -> None:
    picture = painted().astype(int)
    garment = picture[..., 2] < 100
    rows, columns = np.flatnonzero(garment.any(axis=1)), np.flatnonzero(garment.any(axis=0))
    assert len(rows) == pytest.approx(16 * PIXELS, abs=2)
    assert len(columns) == pytest.approx(12 * PIXELS, abs=2)
    assert rows.mean() == pytest.approx(SIDE / 2 - 0.5, abs=1)


def test_its_outline_is_dark_and_its_edge_is_soft() -> None:
    row = painted()[SIDE // 2].astype(int)
    edge = round(SIDE / 2 - 6 * PIXELS)
    assert row[edge - 4 : edge + 5, 0].min() < 100
    assert any(100 < value < 240 for value in row[edge - 4 : edge + 5, 1])


def test_light_comes_from_above() -> None:
    column = painted()[:, SIDE // 2, 0].astype(int)
    assert column[SIDE // 2 - round(6 * PIXELS)] < 255 * 0.9
    assert column[SIDE // 2 + round(6 * PIXELS)] > column[SIDE // 2 - round(6 * PIXELS)] + 20


def test_rows_painted_one_by_one_are_the_same_picture() -> None:
    picture = GarmentPicture(cut(rectangle()), Look(RED_ON_WHITE.colours, "floral"), SIDE)
    rows = [picture.rows(first, min(first + 37, SIDE)) for first in range(0, SIDE, 37)]
    assert np.array_equal(np.concatenate(rows), painted(fabric="floral"))


@pytest.mark.parametrize("fabric", FABRICS)
def test_a_larger_picture_shows_the_same(fabric: str) -> None:
    small = painted(128, fabric).astype(float)
    large = painted(512, fabric).reshape(128, 4, 128, 4, 4).mean(axis=(1, 3))
    assert np.abs(small - large).mean() < 4


def test_a_large_picture_is_sharp() -> None:
    row = painted(2048)[1024, :, 1].astype(int)
    assert ((row > 30) & (row < 225)).sum() <= 8  # the soft pixels of a left and a right edge


def test_a_pattern_of_the_second_colour() -> None:
    picture = painted(fabric="dots")
    blue = (picture[..., 2] > 150) & (picture[..., 0] < 60)
    assert 0.1 < blue.sum() / (12 * 16 * PIXELS**2) < 0.4


def test_an_unknown_fabric_is_refused() -> None:
    with pytest.raises(KeyError, match="tweed"):
        painted(fabric="tweed")
