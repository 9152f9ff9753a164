import re
from dataclasses import replace
from pathlib import Path

import pytest

from card import Metric
from converter import bundle, cli, parity, pipeline, report
from converter.errors import BundleError
from tests.converter.building import source


def headings(page: str) -> list[str]:
    return re.findall(r"<h2>(.*?)</h2>", page)


def test_a_conversion_becomes_a_page(tmp_path: Path) -> None:
    about = pipeline.About("tiny", "Tiny & <small>", "Written by hand.")
    made = pipeline.convert(source(), tmp_path / "tiny", about, "none")
    page = report.of_conversion(made)
    assert headings(page) == ["Parity", "Outputs", "Weights", "Latency", "Size"]
    assert "<h1>Tiny &amp; &lt;small&gt;</h1>" in page
    assert "All stages passed" in page
    assert "All weights are stored as they are." in page
    assert page.count("float32 over source") == page.count("shipped over float32") == 1


def test_the_page_needs_nothing_beside_it(tmp_path: Path) -> None:
    about = pipeline.About("tiny", "Tiny", "Written by hand.")
    page = report.of_conversion(pipeline.convert(source(), tmp_path / "tiny", about))
    assert not re.search(r"<script|<link|<img|https?://|url\(", page)
    assert "prefers-color-scheme: dark" in page


def test_a_check_that_fails_says_why(made: Path) -> None:
    found = parity.check(made)
    result = replace(found.results[0], error=1.0)
    failed = replace(found, results=(result, *found.results[1:]), diverges="the node is y")
    page = report.of_check(failed)
    assert '<span class="verdict failed">Not all stages passed</span>. The node is y.' in page
    assert "Weights" not in headings(page)


def test_metrics_are_told(made: Path) -> None:
    card, files = bundle.load(made)
    metric = Metric("accuracy", "digits of my own", 0.75, 0.5)
    bundle.save(made, replace(card, metrics=(metric,)).sealed(), files)
    page = report.of_check(parity.check(made))
    assert headings(page)[-1] == "Metrics"
    assert '<td>digits of my own</td><td class="n">0.75</td><td class="n">0.5</td>' in page


def test_several_checks_share_a_page(made: Path) -> None:
    found = parity.check(made)
    failed = replace(found, results=(replace(found.results[0], error=1.0),))
    page = report.of_checks([found, failed], "My <booth>")
    assert page.count("<!doctype html>") == page.count("<style>") == 1
    assert "<title>My &lt;booth&gt;: parity</title>" in page
    assert page.index("All stages passed") < page.index("Not all stages passed")


def test_the_command_line_writes_it(made: Path, tmp_path: Path) -> None:
    assert cli.main(["check", str(made), "--report", str(tmp_path / "page.html")]) == 0
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"page\.html: cannot be written: No such file"):
        report.save(tmp_path / "nowhere" / "page.html", "")
