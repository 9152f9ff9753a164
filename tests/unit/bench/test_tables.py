from dataclasses import replace
from pathlib import Path

import pytest

from bench import tables
from bench.environments import BenchError
from bench.result import Goal, Result, Row

ROW = Row(
    "start",
    "ms",
    {"Glassbooth": [10, 20, 30], "PyScript": [40, 50, 60]},
    (Goal("start, to PyScript", 0.4, 0.5), Goal("start, to TF.js", 3, 2)),
)
SINGLE = Row("size", "MB", {"Glassbooth": [6.54321]})
RESULT = Result("cold", "Cold start", "By turns.", (ROW, SINGLE), {"cores": "2"}, ("Seen.",))


def test_a_section_has_every_row_and_names_the_machine() -> None:
    assert tables.as_markdown(RESULT) == (
        "## Cold start\n"
        "\n"
        "`python build.py bench cold`: By turns.\n"
        "\n"
        "|  | Glassbooth | PyScript | ratio |\n"
        "| --- | --- | --- | --- |\n"
        "| start, ms | 20 (15 to 25) | 50 (45 to 55) | 0.40 x PyScript |\n"
        "| size, MB | 6.54 |  |  |\n"
        "\n"
        "Seen.\n"
        "\n"
        "cores: 2."
    )


def test_goals_say_whether_they_are_met() -> None:
    without = Result("x", "X", "", (SINGLE,), {"cores": "4"})
    later = replace(RESULT, machine={"cores": "2", "date": "tomorrow"})
    assert tables.as_goals([RESULT, without, later]).splitlines()[2:] == [
        "| Cold start: start, to PyScript | 0.4 | at most 0.5 | met |",
        "| Cold start: start, to TF.js | 3 | at most 2 | missed |",
    ] * 2 + ["", "cores: 2."]


def test_a_machine_is_named_once_with_all_that_is_known_of_it() -> None:
    more = replace(RESULT, machine={"cores": "2", "Chromium": "156"})
    other = replace(RESULT, machine={"cores": "8"})
    lines = tables.as_goals([RESULT, more, other, more]).splitlines()
    assert [line for line in lines if "cores" in line] == ["Chromium: 156; cores: 2.", "cores: 8."]


def test_the_terminal_shows_each_side_and_what_is_missed() -> None:
    text = tables.as_text(RESULT)
    assert "MISSED: start, to TF.js: 3, at most 2" in text
    assert "met: start, to PyScript: 0.4, at most 0.5" in text


def test_only_what_is_between_the_markers_changes(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("# Ä\n<!-- bench -->\nold\n<!-- /bench -->\nend\n", encoding="utf-8")
    for text in ("one", "two"):
        tables.publish(page, text)
    assert page.read_text(encoding="utf-8") == (
        "# Ä\n<!-- bench -->\n\ntwo\n\n<!-- /bench -->\nend\n"
    )


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<!-- bench -->",
        "<!-- /bench --><!-- bench -->",
        "<!-- bench --><!-- /bench --><!-- bench -->",
    ],
)
def test_a_file_without_both_markers_is_left_alone(tmp_path: Path, content: str) -> None:
    page = tmp_path / "README.md"
    page.write_text(content, encoding="utf-8")
    with pytest.raises(BenchError, match=r"README\.md: expected <!-- bench --> and"):
        tables.publish(page, "new")
    assert page.read_text(encoding="utf-8") == content
