"""The device check page."""

import re

from playwright.sync_api import expect

from tests.e2e.conftest import OpenBooth


def test_every_backend_passes_and_a_thousand_predictions_leak_nothing(
    open_booth: OpenBooth,
) -> None:
    page = open_booth("#/check").ready().page
    page.get_by_test_id("check-run").click()
    summary = page.get_by_test_id("check-summary")
    expect(summary).to_contain_text("Tensors:", timeout=120_000)

    rows = page.locator("#check-table tbody tr[data-backend]")
    expect(rows).to_have_count(3)  # of the networks that are loaded, the others are named
    for backend in ("webgl", "wasm", "cpu"):
        row = page.locator(f"#check-table tr[data-backend={backend}]")
        expect(row.locator("td.passed")).to_have_text("Passed")

    tensors = re.search(r"Tensors: (\d+) before, (\d+) after", summary.inner_text())
    assert tensors
    assert tensors[1] == tensors[2]
    dots = page.get_by_test_id("check-plot").locator("path.warm").get_attribute("d")
    assert dots
    assert dots.count("M") == 999


def test_speed_is_measured_only_where_it_decides(open_booth: OpenBooth) -> None:
    page = open_booth().ready().page
    later = ".then(({ trials }) => trials[0].later)"
    assert page.evaluate(f"glassbooth.engine.load('digits'){later}") == 0  # graphics are software
    assert page.evaluate(f"glassbooth.engine.loadOn('digits', 'wasm'){later}") > 0
