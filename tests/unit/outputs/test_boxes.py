import numpy as np
import pytest
from numpy.typing import NDArray

import kinds
from card import Card, CardError, Kind
from kinds import Context
from outputs import boxes
from outputs.boxes import Boxes, Detection
from tests.unit.cards import card

LABELS = ("cat", "dog")
CELLS = {8: 32, 16: 8, 32: 2}
"""Cells by stride: grids of 4x8 cells of 8 pixels, 2x4 of 16, and 1x2 of 32."""
SHAPES = {
    **{f"scores {stride}": (1, cells, 2) for stride, cells in CELLS.items()},
    **{f"sides {stride}": (1, cells, 12) for stride, cells in CELLS.items()},
}


def detector(
    side: tuple[int, int] = (32, 64),
    outputs: dict[str, tuple[int, ...]] | None = None,
    **options: object,
) -> Card:
    kind = Kind("boxes", options)
    return card(side, LABELS, outputs=outputs or SHAPES, output=kind, fit="letterbox")


CARD = detector()
SIZE = (64, 128)
"""Size of a picture twice as large as the input, with the same aspect."""

Outputs = list[NDArray[np.float32]]


def nothing() -> Outputs:
    """Return outputs without detections: all scores 0, all distances the mean of 0, 1 and 2."""
    scores = [np.zeros((1, cells, 2), np.float32) for cells in CELLS.values()]
    return scores + [np.zeros((1, cells, 12), np.float32) for cells in CELLS.values()]


def put(outputs: Outputs, stride: int, cell: int, label: str, score: float) -> None:
    outputs[list(CELLS).index(stride)][0, cell, LABELS.index(label)] = score


def sides(outputs: Outputs, stride: int, cell: int, bins: tuple[int, int, int, int]) -> None:
    """Set the distances of a cell, in cells: left, top, right, bottom."""
    logits = outputs[3 + list(CELLS).index(stride)].reshape(1, -1, 4, 3)
    logits[0, cell, range(4), bins] = 100


def read(outputs: Outputs, size: tuple[int, int] = SIZE, of: Card = CARD) -> tuple[Detection, ...]:
    """Return the detections of outputs, which are named in order."""
    named = {str(number): each for number, each in enumerate(outputs)}
    return boxes.read(named, of, Context(size)).shown


def box(found: Detection) -> list[float]:
    return [found.x1, found.y1, found.x2, found.y2]


def test_where_nothing_is_nothing_is_found() -> None:
    assert read(nothing()) == ()


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
    (found,) = read(outputs)
    assert (found.label, found.score) == ("dog", 0.75)
    assert box(found) == pytest.approx(expected)


def test_a_distance_is_the_mean_of_its_distribution() -> None:
    outputs = nothing()
    put(outputs, 8, 18, "cat", 1)
    logits = outputs[3].reshape(1, -1, 4, 3)
    shares = [[0.5, 0.5, 1e-9], [0.25, 0.25, 0.5], [1e-9, 0.75, 0.25], [1.0, 1.0, 1.0]]
    logits[0, 18] = np.log(shares)
    (found,) = read(outputs)
    assert box(found) == pytest.approx(
        [2 * (20 - 8 * 0.5), 2 * (20 - 8 * 1.25), 2 * (20 + 8 * 1.25), 2 * (20 + 8)], abs=1e-3
    )


def test_boxes_are_those_of_a_picture_with_borders() -> None:
    outputs = nothing()
    put(outputs, 16, 1, "cat", 0.9)
    sides(outputs, 16, 1, (0, 0, 1, 1))
    # It is 32 x 32 in the input, 16 pixels from the left; the box is from (24, 8) to (40, 24).
    (found,) = read(outputs, (320, 320))
    assert box(found) == pytest.approx([80, 80, 240, 240])


def test_the_order_of_the_outputs_makes_no_difference() -> None:
    outputs = nothing()
    put(outputs, 16, 3, "dog", 0.8)
    put(outputs, 8, 0, "cat", 0.9)
    shuffled = [outputs[index] for index in (4, 0, 5, 2, 3, 1)]
    assert read(shuffled) == read(outputs)
    assert len(read(outputs)) == 2


def test_the_best_comes_first_and_what_is_below_the_threshold_not_at_all() -> None:
    outputs = nothing()
    for cell, score in ((0, 0.4), (7, 0.6), (31, 0.2)):
        put(outputs, 8, cell, "cat", score)
        sides(outputs, 8, cell, (0, 0, 1, 1))
    assert [each.score for each in read(outputs)] == pytest.approx([0.6, 0.4])
    found = read(outputs, of=detector(threshold=0.1))
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
    found = read(outputs)
    assert [each.score for each in found] == pytest.approx(scores)


def test_things_of_two_classes_may_be_in_one_place() -> None:
    outputs = nothing()
    put(outputs, 8, 9, "cat", 0.5)
    put(outputs, 8, 9, "dog", 0.6)
    assert [each.label for each in read(outputs)] == ["dog", "cat"]


def test_no_more_is_told_than_coco_counts() -> None:
    many = detector((128, 128))
    scores = np.full((1, 256, 2), 0.5, np.float32)
    logits = np.zeros((1, 256, 4, 3), np.float32)
    logits[..., 1] = 100
    assert len(read([scores, logits.reshape(1, 256, 12)], (128, 128), many)) == boxes.MOST


def test_overlaps_are_intersections_over_unions() -> None:
    some = np.array([[0, 0, 4, 2], [1, 1, 1, 5]], np.float32)
    others = np.array([[0, 0, 4, 2], [2, 0, 6, 2], [5, 5, 6, 6]], np.float32)
    expected = np.array([[1, 4 / 12, 0], [0, 0, 0]], np.float32)
    np.testing.assert_allclose(boxes.overlaps(some, others), expected, atol=1e-6)


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
        read(change(nothing()))


def test_cells_that_make_no_grid_are_refused() -> None:
    outputs = [np.zeros((1, 30, 2), np.float32), np.zeros((1, 30, 12), np.float32)]
    with pytest.raises(ValueError, match="30 cells are no grid over 32 by 64"):
        read(outputs)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_refused(bad: float) -> None:
    outputs = nothing()
    outputs[4][0, 0, 0] = bad
    with pytest.raises(ValueError, match="expected finite numbers"):
        read(outputs)


def test_scores_from_the_lowest_on_are_found_and_those_from_the_threshold_on_are_shown() -> None:
    outputs = nothing()
    for cell, score in ((0, 0.4), (7, 0.6), (31, 0.25), (16, 0.15)):
        put(outputs, 8, cell, "cat", score)
        sides(outputs, 8, cell, (0, 0, 1, 1))
    named = {str(number): each for number, each in enumerate(outputs)}
    answer = boxes.read(named, CARD, Context(SIZE))
    assert [each.score for each in answer.found] == pytest.approx([0.6, 0.4, 0.25])
    assert [each.score for each in answer.shown] == pytest.approx([0.6, 0.4])
    assert answer.threshold == 0.35


def test_the_overlap_that_makes_boxes_one_is_an_option() -> None:
    outputs = nothing()
    for cell, score in ((9, 0.5), (10, 0.9)):
        put(outputs, 8, cell, "cat", score)
        sides(outputs, 8, cell, (1, 1, 2, 1))
    assert len(read(outputs)) == 2
    assert len(read(outputs, of=detector(overlap=0.4))) == 1


def test_boxes_of_a_cropped_picture_are_where_they_are_in_the_whole() -> None:
    outputs = nothing()
    put(outputs, 16, 1, "cat", 0.9)
    sides(outputs, 16, 1, (0, 0, 1, 1))
    cropped = card((32, 64), LABELS, outputs=SHAPES, output=Kind("boxes", {}))
    # Of 320 x 320 the middle 160 rows are seen; the box is from (24, 8) to (40, 24) of 32 x 64.
    (found,) = read(outputs, (320, 320), cropped)
    assert box(found) == pytest.approx([120, 80 + 40, 200, 80 + 120])


def test_classes_may_be_left_out() -> None:
    cat, dog = Detection("cat", 0.9, 0, 0, 1, 1), Detection("dog", 0.3, 0, 0, 1, 1)
    answer = Boxes((cat, dog), 0.35)
    assert answer.without({"cat"}) == Boxes((dog,), 0.35)
    assert answer.shown == (cat,)


def test_without_the_size_of_a_picture_there_are_no_boxes() -> None:
    with pytest.raises(ValueError, match="boxes: expected the size of a picture, got none"):
        boxes.read({}, CARD, Context())


def test_detections_are_sent_as_corners_class_and_score() -> None:
    answer = Boxes((Detection("cup", 0.5, 1.5, 2, 30, 40), Detection("cup", 0.3, 0, 0, 1, 1)), 0.4)
    assert boxes.to_json(answer) == [
        {"bbox": [{"x": 1.5, "y": 2}, {"x": 30, "y": 40}], "class": "cup", "score": 0.5}
    ]
    assert boxes.to_json(Boxes((), 0.35)) == []


@pytest.mark.parametrize(
    ("outputs", "options", "message"),
    [
        (
            {"a": (1, 32, 2)},
            {},
            r"expected \(1, cells, 2\) and \(1, cells, 4 \* bins\) for each grid",
        ),
        ({"a": (32,), "b": (1, 32, 12)}, {}, r"expected \(1, cells, 2\)"),
        ({"a": (1, 30, 2), "b": (1, 30, 12)}, {}, "30 cells are no grid over 32 by 64"),
        (None, {"threshold": 35}, r"option threshold: expected a share in 0\.\.1, got 35"),
        (None, {"overlap": -1}, r"option overlap: expected a share in 0\.\.1, got -1"),
        (None, {"threshold": "low"}, "option threshold: expected a number, got 'low'"),
    ],
)
def test_a_model_that_gives_no_boxes_is_refused(
    outputs: dict[str, tuple[int, ...]] | None, options: dict[str, object], message: str
) -> None:
    with pytest.raises(CardError, match=message):
        kinds.check(detector(outputs=outputs, **options))  # type: ignore[arg-type]


def test_a_model_that_gives_boxes_fits() -> None:
    kinds.check(CARD)
