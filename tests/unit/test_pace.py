import framing
from card import Card
from pace import RUNS, Pace
from tests.unit.cards import card

CARD = card((40, 40), sizes=[[40, 40], [20, 20], [10, 10]])
FRAME = (480, 480)


def look(pace: Pace, ms_per_pixel: float, runs: int = RUNS) -> list[int]:
    """Simulate a device of some speed; return the number of pixels it processes of each frame."""
    looked = []
    for _ in range(runs):
        height, width = framing.size_for(FRAME, pace.card(CARD))
        pace.took(height * width, height * width * ms_per_pixel)
        looked.append(height * width)
    return looked


def test_a_fast_device_looks_at_all_there_is() -> None:
    assert set(look(Pace(), 90 / 1600, 5 * RUNS)) == {1600}


def test_a_slow_one_looks_at_fewer_pixels_and_stays_with_them() -> None:
    looked = look(Pace(), 120 / 1600, 5 * RUNS)
    assert looked == [1600] * RUNS + [400] * 4 * RUNS


def test_one_that_is_ten_times_too_slow_goes_to_the_least_at_once() -> None:
    looked = look(Pace(), 1200 / 1600, 3 * RUNS)
    assert looked == [1600] * RUNS + [100] * 2 * RUNS


def test_one_that_was_slow_for_a_while_looks_at_all_again() -> None:
    pace = Pace()
    look(pace, 300 / 1600, 2 * RUNS)
    assert look(pace, 90 / 1600, 3 * RUNS)[-1] == 400  # 90 ms for all would hardly do
    assert look(pace, 50 / 1600, 3 * RUNS)[-1] == 1600


def test_a_single_slow_run_changes_nothing() -> None:
    pace = Pace()
    look(pace, 60 / 1600, RUNS - 1)
    pace.took(1600, 5000)
    assert look(pace, 60 / 1600) == [1600] * RUNS


def test_a_network_of_one_size_keeps_it() -> None:
    only = card((40, 40))
    pace = Pace()
    for _ in range(RUNS):
        pace.took(1600, 500)
    assert framing.size_for(FRAME, pace.card(only)) == (40, 40)


def test_answers_are_read_by_the_card_that_prepared_them() -> None:
    small = framing.limited(CARD, 500)
    assert isinstance(small, Card)
    assert framing.size_for(FRAME, small) == (20, 20)
    assert framing.size_for(FRAME, framing.limited(CARD, 1)) == (10, 10)
