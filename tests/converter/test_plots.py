import re
from xml.etree import ElementTree

import numpy as np
import pytest

from converter import plots
from converter.plots import Bar, Mark


def elements(text: str, tag: str) -> list[dict[str, str]]:
    return [dict(each.attrib) for each in ElementTree.fromstring(text).iter(tag)]


def texts(text: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(text).iter("text")]


def test_bars_are_as_long_as_their_values() -> None:
    drawn = plots.bars([Bar("one", 1.0, "1 MB"), Bar("<two>", 4.0, "4 MB", "b")])
    short, long = elements(drawn, "rect")
    assert float(long["width"]) == pytest.approx(4 * float(short["width"]), abs=0.5)
    assert (short["class"], long["class"]) == ("a", "b")
    assert texts(drawn) == ["one", "1 MB", "<two>", "4 MB"]


def test_bars_may_all_be_nothing() -> None:
    assert [each["width"] for each in elements(plots.bars([Bar("a", 0.0, "0")]), "rect")] == ["1.0"]


def test_marks_lie_on_a_logarithmic_scale() -> None:
    drawn = plots.marks([Mark("a", 1e-6, 1e-4, good=True), Mark("b", 1e-2, 1e-4, good=False)])
    good, bad = elements(drawn, "circle")
    assert (good["class"], bad["class"]) == ("good", "bad")
    limits = [float(each["x1"]) for each in elements(drawn, "line") if each["class"] == "limit"]
    assert limits[0] == limits[1] == pytest.approx((float(good["cx"]) + float(bad["cx"])) / 2)
    assert [each for each in texts(drawn) if each.startswith("1e")] == [
        f"1e{power}" for power in range(-6, -1)
    ]


@pytest.mark.parametrize("error", [0.0, np.inf])
def test_what_has_no_logarithm_lies_at_an_end(error: float) -> None:
    drawn = plots.marks([Mark("a", error, 1e-3, good=False), Mark("b", 1e-5, 1e-3, good=True)])
    first, second = (float(each["cx"]) for each in elements(drawn, "circle"))
    assert first <= second if error == 0 else first > second


def test_what_is_off_most_is_always_drawn() -> None:
    x = np.linspace(0, 1, 100_000)
    y = x.copy()
    y[777] = 2.0
    dots = elements(plots.scatter(x, y, "a"), "circle")
    assert 1000 < len(dots) <= plots._DOTS
    assert min(float(dot["cy"]) for dot in dots) == pytest.approx(10)


def test_answers_that_are_no_numbers_are_left_out() -> None:
    drawn = plots.scatter(np.array([1.0, np.nan]), np.array([1.0, 1.0]), "a")
    assert len(elements(drawn, "circle")) == 1
    assert "nan" not in drawn


def test_a_histogram_counts_by_size() -> None:
    drawn = plots.histogram(np.array([0, 0, 1.5e-6, 1.6e-6, 5e-3, np.inf]), "b")
    heights = [float(each["height"]) for each in elements(drawn, "rect")]
    assert sorted(each for each in heights if each) == [130, 260]
    assert "2" in texts(drawn)


def test_a_histogram_of_nothing_is_empty() -> None:
    drawn = plots.histogram(np.zeros(5), "a")
    assert {each["height"] for each in elements(drawn, "rect")} == {"0.0"}


def test_long_labels_are_cut_and_told_whole() -> None:
    drawn = plots.bars([Bar("x" * 60, 1.0, "1")])
    assert re.search(r">\.\.\.x{37}<title>x{60}</title>", drawn)
