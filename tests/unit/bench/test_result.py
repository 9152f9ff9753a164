from pathlib import Path

import pytest

from bench.result import (
    Goal,
    Result,
    Row,
    Spread,
    compared,
    load,
    middle_ratio,
    number,
    percentile,
    spread,
)


def test_quartiles_lie_between_samples() -> None:
    assert spread([1, 2, 3, 4, 5]) == Spread(2, 3, 4)
    assert spread([4, 1, 3, 2]) == Spread(1.75, 2.5, 3.25)
    assert spread([7]) == Spread(7, 7, 7)
    with pytest.raises(ValueError, match="expected at least one, got none"):
        spread([])


def test_a_percentile_is_one_of_the_samples() -> None:
    assert percentile(list(range(1, 1001)), 0.99) == 990
    assert percentile([5, 1], 0.5) == 1
    assert percentile([3], 0.99) == 3


def test_the_ratio_is_the_middle_one_of_the_rounds() -> None:
    # Medians of both sides are 20 and 10; a busy moment slowed one side of two rounds.
    assert middle_ratio([20, 20, 90], [20, 10, 10]) == 2
    with pytest.raises(ValueError, match="shorter"):
        middle_ratio([1, 2], [1])


def test_goals_are_met_at_their_bound_and_missed_beyond() -> None:
    assert Goal("time", 0.4, 0.4).met
    assert not Goal("time", 0.41, 0.4).met
    assert Goal("rate", 10, 10, at_least=True).met
    assert not Goal("rate", 9.9, 10, at_least=True).met
    assert Goal("rate", 9.87, 10, at_least=True).told() == "rate: 9.87, at least 10"


def test_a_row_has_goals_for_the_sides_that_were_measured() -> None:
    row = compared("start", "ms", {"ours": [10, 20], "a": [20, 40]}, {"a": 0.4, "b": 1})
    assert row.goals == (Goal("start, to a", 0.5, 0.4),)
    assert row.ratio("a") == 0.5


def test_only_sides_that_took_turns_are_compared() -> None:
    assert Row("x", "", {"a": [1, 2], "b": [1, 2]}).comparable()
    assert not Row("x", "", {"a": [1, 2], "b": [1]}).comparable()
    assert not Row("x", "", {"a": [1, 2]}).comparable()


def test_a_result_is_kept_whole(tmp_path: Path) -> None:
    row = Row("start", "ms", {"ours": [1.5, 2.5], "a": [3.0, 4.0]}, (Goal("x", 1, 2),))
    made = Result("cold", "Cold", "Told.", (row,), {"cores": "2"}, ("A note.",))
    made.save(tmp_path / "new")
    assert load(tmp_path / "new" / "cold.json") == made


def test_numbers_have_the_digits_that_count() -> None:
    given = (12345.6, 123.4, 12.34, 1.234, 0.01234, 0.0000123, 0)
    assert [number(each) for each in given] == [
        "12,346", "123", "12.3", "1.23", "0.0123", "1.2e-05", "0",
    ]  # fmt: skip
