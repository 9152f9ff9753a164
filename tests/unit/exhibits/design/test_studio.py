from random import Random

import numpy as np
import pytest

from exhibits.design.design import PARTS, Design
from exhibits.design.look import PALETTES, Look
from exhibits.design.studio import UNDOS, VARIATIONS, Studio
from tests.unit.exhibits.design.test_design import changed

LOCKABLE = set(PARTS)


@pytest.fixture
def studio() -> Studio:
    return Studio(5, Random(5))


def test_the_same_seed_is_the_same_studio(studio: Studio) -> None:
    other = Studio(5, Random(5))
    for each in (studio, other):
        each.move(0.3, 0.2)
        each.surprise()
    assert changed(studio.design, other.design) == set()
    assert changed(studio.design, Studio(6, Random(6)).design) >= {"shape", "detail"}


def test_a_studio_begins_again_as_if_nobody_had_been_there(studio: Studio) -> None:
    seen = [studio.design, *studio.ends]
    studio.lock("shape", True)
    studio.surprise()
    studio.hold(0)
    studio.mix(0.5)
    studio.begin_again()
    assert [changed(*pair) for pair in zip(seen, [studio.design, *studio.ends], strict=True)] == [
        set()
    ] * 3
    assert (studio.locks, studio.share, studio.undoable) == (frozenset(), 0, False)


def test_nobody_gets_the_surprise_that_another_one_had(studio: Studio) -> None:
    studio.surprise()
    seen = studio.design
    studio.begin_again()
    studio.surprise()
    assert changed(seen, studio.design) >= {"shape", "detail"}


def test_moving_changes_shape_and_detail_and_nothing_else(studio: Studio) -> None:
    start = studio.design
    studio.move(0.5, -0.2)
    assert changed(start, studio.design) == {"shape", "detail"}
    assert studio.place == (0.5, -0.2)
    studio.move(0, 0)
    assert changed(start, studio.design) == set()
    assert not studio.undoable


def test_the_point_stays_on_the_pad(studio: Studio) -> None:
    studio.move(1.7, -3)
    assert studio.place == (1, -1)


def test_a_locked_shape_stays_while_the_detail_moves(studio: Studio) -> None:
    studio.move(0.5, 0.5)
    seen = studio.design
    studio.lock("shape", True)
    assert changed(seen, studio.design) == set()
    studio.move(-0.5, 0.1)
    assert changed(seen, studio.design) == {"detail"}
    studio.lock("shape", False)
    studio.move(0.9, 0.9)
    assert changed(seen, studio.design) == {"shape", "detail"}


@pytest.mark.parametrize("part", PARTS)
def test_a_surprise_draws_anew_whatever_is_not_locked(studio: Studio, part: str) -> None:
    studio.move(0.4, 0.4)
    studio.lock(part, True)
    seen, found = studio.design, set()
    for _ in range(12):
        studio.surprise()
        found |= changed(seen, studio.design)
    assert found == LOCKABLE - {part}


def test_an_unknown_part_cannot_be_locked(studio: Studio) -> None:
    with pytest.raises(ValueError, match=r"part: expected one of shape, detail, .*got 'sleeve'"):
        studio.lock("sleeve", True)


def test_another_garment_is_of_the_same_numbers(studio: Studio) -> None:
    studio.move(0.2, 0.1)
    seen = studio.design
    studio.choose((int(seen.code.kinds.argmax()) + 1) % 10)
    assert changed(seen, studio.design) == {"garment"}
    assert studio.place == (0.2, 0.1)


def test_variations_keep_what_is_locked(studio: Studio) -> None:
    studio.lock("colours", True)
    offered = studio.variations()
    assert len(offered) == VARIATIONS
    found = [changed(studio.design, each) for each in offered]
    assert all({"shape", "detail"} <= each <= {"shape", "detail", "fabric"} for each in found)
    studio.take(offered[2])
    assert changed(offered[2], studio.design) == set()


def test_a_mix_goes_from_the_one_to_the_other(studio: Studio) -> None:
    first, second = studio.ends
    studio.mix(1)
    np.testing.assert_allclose(studio.design.code.shape, second.code.shape, atol=1e-4)
    assert studio.design.look.fabric == second.look.fabric
    studio.mix(0)
    np.testing.assert_allclose(studio.design.code.shape, first.code.shape, atol=1e-4)
    studio.mix(0.5)
    assert studio.design.code.kinds.max() == pytest.approx(0.5)
    assert studio.share == 0.5


def test_what_is_held_is_what_is_mixed(studio: Studio) -> None:
    studio.surprise()
    held = studio.design
    studio.hold(1)
    studio.surprise()
    studio.mix(1)
    np.testing.assert_allclose(studio.design.code.shape, held.code.shape, atol=1e-4)
    assert studio.ends[1] is held


def test_a_mix_keeps_what_is_locked(studio: Studio) -> None:
    studio.lock("garment", True)
    studio.lock("colours", True)
    seen = studio.design
    studio.mix(0.7)
    assert changed(seen, studio.design) & {"garment", "colours"} == set()
    assert changed(seen, studio.design) >= {"shape", "detail"}


def test_steps_are_taken_back_one_by_one(studio: Studio) -> None:
    studio.move(0.3, 0.3)
    seen: list[Design] = [studio.design]
    studio.surprise()
    seen.append(studio.design)
    studio.dress(Look(PALETTES["Sea"], "check"))
    for before in reversed(seen):
        assert studio.undoable
        studio.undo()
        assert changed(before, studio.design) == set()
    assert studio.place == (0.3, 0.3)
    assert not studio.undoable
    studio.undo()
    assert changed(seen[0], studio.design) == set()


def test_a_mix_is_one_step_however_long_it_is_moved(studio: Studio) -> None:
    studio.surprise()
    seen = studio.design
    for share in (0.1, 0.5, 0.9):
        studio.mix(share)
    studio.undo()
    assert changed(seen, studio.design) == set()
    assert studio.undoable


def test_another_thing_done_is_another_step(studio: Studio) -> None:
    studio.mix(0.5)
    seen = studio.design
    for fabric in ("dots", "knit"):
        studio.dress(Look(seen.look.colours, fabric), doing="colour 0")
    studio.dress(Look(seen.look.colours, "floral"), doing="colour 1")
    studio.undo()
    assert studio.design.look.fabric == "knit"
    studio.undo()
    assert changed(seen, studio.design) == set()


def test_only_so_many_steps_are_remembered(studio: Studio) -> None:
    for _ in range(UNDOS + 5):
        studio.surprise()
    for _ in range(UNDOS):
        studio.undo()
    assert not studio.undoable
