from pathlib import Path

import pytest

from bench.comparisons import cold_start, sites
from bench.environments import BenchError


def test_goals_are_ratios_of_medians() -> None:
    samples = {"Glassbooth": [10.0, 20.0, 300.0], "old site": [5.0, 10.0, 20.0]}
    row = sites.compared("start", "ms", samples, sites.SLOWER)
    (goal,) = row.goals
    assert (goal.title, goal.got, goal.met) == ("start, to the old site", 2, False)


def test_of_a_rate_more_is_better() -> None:
    def met(ours: float) -> bool:
        row = sites.compared("rate", "", {"Glassbooth": [ours], "old site": [10.0]}, sites.FEWER)
        return row.goals[0].met

    assert [met(ours) for ours in (9.4, 9.6, 12)] == [False, True, True]


def test_a_folder_without_a_site_is_told(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r"--old .*: expected a built site with an index\.html"):
        sites.measure(1, tmp_path)


def test_either_side_begins_every_other_turn() -> None:
    sides = {"new": 1, "old": 2}
    orders = [[side for side, _ in cold_start.in_turn(sides, turn)] for turn in range(3)]
    assert orders == [["new", "old"], ["old", "new"], ["new", "old"]]
