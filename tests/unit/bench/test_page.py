import re
from xml.etree import ElementTree as ET

from bench import page
from bench.result import Goal, Result, Row

ROW = Row("start <b>", "ms", {"Glassbooth": [100, 200, 300], "Peer & co": [400, 400, 400]})


def result(row: Row) -> Result:
    return Result("cold", "Cold <start>", "By turns.", (row,), {"cores": "2"})


def test_bars_are_as_long_as_medians_and_lines_span_the_middle_half() -> None:
    plot = ET.fromstring(page.plot(ROW))
    room = page.WIDTH - page.LABEL - page.NUMBER
    ours, peer = (float(each.get("width", "")) for each in plot.iter("rect"))
    assert (ours, peer) == (room / 2, room)
    line = next(plot.iter("line"))
    assert float(line.get("x1", "")) == round(page.LABEL + room * 150 / 400, 1)
    assert float(line.get("x2", "")) == round(page.LABEL + room * 250 / 400, 1)
    texts = [each.text for each in plot.iter("text")]
    assert texts == ["Glassbooth", "200 (150 to 250)", "Peer & co", "400 (400 to 400)"]


def test_nothing_measured_is_a_plot_too() -> None:
    assert "<rect" in page.plot(Row("tasks", "", {"Glassbooth": [0]}))


def test_the_page_needs_nothing_else_and_escapes_names() -> None:
    text = page.render([result(ROW)])
    assert "Cold &lt;start&gt;" in text
    assert "<b>" not in text
    assert not re.search(r"\b(src|href)=|url\(|@import", text)
    assert "0.50 x Peer &amp; co" in text


def test_goals_are_told_in_colour_and_in_words() -> None:
    row = Row("x", "", {"Glassbooth": [1]}, (Goal("x", 3, 2), Goal("y", 1, 2)))
    text = page.render([result(row)])
    assert '<p class="missed">Missed: x: 3, at most 2</p>' in text
    assert '<p class="met">Met: y: 1, at most 2</p>' in text
