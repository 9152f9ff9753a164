import numpy as np
import pytest
from numpy.typing import NDArray

from tests.unit.vision.cards import card
from vision import detect
from vision.detect import Detection

LABELS = ("cat", "dog")
CARD = card((32, 64), LABELS)
"""Grids of 4 x 8 cells of 8 pixels, 2 x 4 of 16, and 1 x 2 of 32."""
CELLS = {8: 32, 16: 8, 32: 2}
SIZE = (64, 128)
"""A picture that is twice the input, and fills it."""

Outputs = list[NDArray[np.float32]]


def nothing() -> Outputs:
    """Return outputs that find nothing: all scores 0, all distances the mean of 0, 1 and 2."""
    scores = [np.zeros((1, cells, 2), np.float32) for cells in CELLS.values()]
    return scores + [np.zeros((1, cells, 12), np.float32) for cells in CELLS.values()]


def put(outputs: Outputs, stride: int, cell: int, label: str, score: float) -> None:
    outputs[list(CELLS).index(stride)][0, cell, LABELS.index(label)] = score


def sides(outputs: Outputs, stride: int, cell: int, bins: tuple[int, int, int, int]) -> None:
    """Make the distances of a cell certain, in cells: left, top, right, bottom."""
    logits = outputs[3 + list(CELLS).index(stride)].reshape(1, -1, 4, 3)
    logits[0, cell, range(4), bins] = 100


def box(found: Detection) -> list[float]:
    return [found.x1, found.y1, found.x2, found.y2]


def test_where_nothing_is_nothing_is_found() -> None:
    assert detect.read(nothing(), CARD, SIZE) == ()


@pytest.mark.parametrize(
    ("stride", "cell", "expected"),
    [
        (8, 10, [(20 - 8) * 2, (12 - 0) * 2, (20 + 16) * 2, (12 + 8) * 2]),
        (16, 1, [(24 - 16) * 2, (8 - 0) * 2, (24 + 32) * 2, (8 + 16) * 2]),
        (32, 0, [0, (16 - 0) * 2, (16 + 64 - 16) * 2, 64]),
    ],
)
def test_a_box_lies_around_its_cell_and_inside_the_picture(
    stride: int, cell: int, expected: list[float]
) -> None:
    outputs = nothing()
    put(outputs, stride, cell, "dog", 0.75)
    sides(outputs, stride, cell, (1, 0, 2, 1))
    (found,) = detect.read(outputs, CARD, SIZE)
    assert (found.label, found.score) == ("dog", 0.75)
    assert box(found) == pytest.approx(expected)


def test_a_distance_is_the_mean_of_its_distribution() -> None:
    outputs = nothing()
    put(outputs, 8, 18, "cat", 1)
    logits = outputs[3].reshape(1, -1, 4, 3)
    shares = [[0.5, 0.5, 1e-9], [0.25, 0.25, 0.5], [1e-9, 0.75, 0.25], [1.0, 1.0, 1.0]]
    logits[0, 18] = np.log(shares)
    (found,) = detect.read(outputs, CARD, SIZE)
    assert box(found) == pytest.approx(
        [2 * (20 - 8 * 0.5), 2 * (20 - 8 * 1.25), 2 * (20 + 8 * 1.25), 2 * (20 + 8)], abs=1e-3
    )


def test_boxes_are_those_of_a_picture_with_borders() -> None:
    outputs = nothing()
    put(outputs, 16, 1, "cat", 0.9)
    sides(outputs, 16, 1, (0, 0, 1, 1))
    # It is 32 x 32 in the input, 16 pixels from the left; the box is from (24, 8) to (40, 24).
    (found,) = detect.read(outputs, CARD, (320, 320))
    assert box(found) == pytest.approx([80, 80, 240, 240])


def test_the_order_of_the_outputs_makes_no_difference() -> None:
    outputs = nothing()
    put(outputs, 16, 3, "dog", 0.8)
    put(outputs, 8, 0, "cat", 0.9)
    shuffled = [outputs[index] for index in (4, 0, 5, 2, 3, 1)]
    assert detect.read(shuffled, CARD, SIZE) == detect.read(outputs, CARD, SIZE)
    assert len(detect.read(outputs, CARD, SIZE)) == 2


def test_the_best_comes_first_and_what_is_below_the_threshold_not_at_all() -> None:
    outputs = nothing()
    for cell, score in ((0, 0.4), (7, 0.6), (31, 0.2)):
        put(outputs, 8, cell, "cat", score)
        sides(outputs, 8, cell, (0, 0, 1, 1))
    assert [each.score for each in detect.read(outputs, CARD, SIZE)] == pytest.approx([0.6, 0.4])
    found = detect.read(outputs, CARD, SIZE, threshold=0.1)
    assert [each.score for each in found] == pytest.approx([0.6, 0.4, 0.2])


@pytest.mark.parametrize(
    ("right", "scores"),
    [
        ((2, 1, 1, 1), [0.9]),  # the same box, 4 to 28 by 4 to 20
        ((1, 1, 2, 1), [0.9, 0.5]),  # 12 to 36: two thirds are common, half of all
    ],
)
def test_a_thing_is_told_once(right: tuple[int, int, int, int], scores: list[float]) -> None:
    outputs = nothing()
    put(outputs, 8, 9, "cat", 0.5)
    sides(outputs, 8, 9, (1, 1, 2, 1))
    put(outputs, 8, 10, "cat", 0.9)
    sides(outputs, 8, 10, right)
    found = detect.read(outputs, CARD, SIZE)
    assert [each.score for each in found] == pytest.approx(scores)


def test_things_of_two_classes_may_be_in_one_place() -> None:
    outputs = nothing()
    put(outputs, 8, 9, "cat", 0.5)
    put(outputs, 8, 9, "dog", 0.6)
    assert [each.label for each in detect.read(outputs, CARD, SIZE)] == ["dog", "cat"]


def test_no_more_is_told_than_coco_counts() -> None:
    many = card((128, 128), LABELS)
    scores = np.full((1, 256, 2), 0.5, np.float32)
    logits = np.zeros((1, 256, 4, 3), np.float32)
    logits[..., 1] = 100
    assert len(detect.read([scores, logits.reshape(1, 256, 12)], many, (128, 128))) == detect.MOST


def test_overlaps_are_intersections_over_unions() -> None:
    some = np.array([[0, 0, 4, 2], [1, 1, 1, 5]], np.float32)
    others = np.array([[0, 0, 4, 2], [2, 0, 6, 2], [5, 5, 6, 6]], np.float32)
    expected = np.array([[1, 4 / 12, 0], [0, 0, 0]], np.float32)
    np.testing.assert_allclose(detect.overlaps(some, others), expected, atol=1e-6)


@pytest.mark.parametrize(
    "change",
    [
        lambda outputs: outputs[:5],
        lambda outputs: [*outputs[:5], outputs[5][:, :1]],
        lambda outputs: [*outputs[:5], outputs[5][..., :11]],
        lambda outputs: [*outputs, outputs[0]],
        lambda outputs: [outputs[0][0], *outputs[1:]],
    ],
)
def test_outputs_of_other_shapes_are_refused(change: object) -> None:
    assert callable(change)
    with pytest.raises(ValueError, match=r"expected \(1, cells, 2\) and \(1, cells, 4 \* bins\)"):
        detect.read(change(nothing()), CARD, SIZE)


def test_cells_that_make_no_grid_are_refused() -> None:
    outputs = [np.zeros((1, 30, 2), np.float32), np.zeros((1, 30, 12), np.float32)]
    with pytest.raises(ValueError, match="30 cells are no grid over 32 by 64"):
        detect.read(outputs, CARD, SIZE)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_refused(bad: float) -> None:
    outputs = nothing()
    outputs[4][0, 0, 0] = bad
    with pytest.raises(ValueError, match="expected finite numbers"):
        detect.read(outputs, CARD, SIZE)


def test_a_photograph_is_framed() -> None:
    prepared = detect.prepare(np.full((10, 10, 3), 255, np.uint8), card((4, 8)))
    assert prepared.shape == (1, 4, 8, 3)
    assert prepared[0, :, :, 0].tolist() == [[0, 0, 1, 1, 1, 1, 0, 0]] * 4
