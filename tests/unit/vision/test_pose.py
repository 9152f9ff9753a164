import numpy as np
import pytest

from tests.unit.vision.cards import card
from vision import pose

CARD = card((192, 192), dtype="int32", std=1)


def test_keypoints_are_where_they_are_in_the_picture() -> None:
    output = np.zeros((1, 1, 17, 3), np.float32)
    output[0, 0, 0] = 0.25, 0.5, 0.875
    output[0, 0, 16] = 1, 0, 0.125
    found = pose.read([output], CARD, (100, 200))
    # The picture fills the middle half of the input's height: its upper edge is at a quarter.
    assert found.points.shape == (17, 2)
    np.testing.assert_allclose(found.points[0], [100, 0], atol=1e-4)
    np.testing.assert_allclose(found.points[16], [0, 150], atol=1e-4)
    assert found.scores[[0, 1, 16]].tolist() == [0.875, 0, 0.125]
    assert pose.KEYPOINTS[0] == "nose"
    assert pose.KEYPOINTS[16] == "right ankle"


def test_a_photograph_is_framed_as_whole_numbers() -> None:
    prepared = pose.prepare(np.full((50, 100, 3), 200, np.uint8), CARD)
    assert prepared.shape == (1, 192, 192, 3)
    assert prepared.dtype == np.int32
    assert np.unique(prepared[0, 48:144]).tolist() == [200]
    assert not prepared[0, :48].any()
    assert not prepared[0, 144:].any()


@pytest.mark.parametrize("shape", [(1, 17, 3), (1, 1, 16, 3), (1, 6, 56)])
def test_an_output_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected shape \(1, 1, 17, 3\), got"):
        pose.read([np.zeros(shape, np.float32)], CARD, (100, 200))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_refused(bad: float) -> None:
    output = np.zeros((1, 1, 17, 3), np.float32)
    output[0, 0, 3, 1] = bad
    with pytest.raises(ValueError, match="expected finite numbers"):
        pose.read([output], CARD, (100, 200))
