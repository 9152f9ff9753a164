"""Kiosk mode: attract loop, timeout question, reset, and no way out."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.booth import BoothPage, run_python
from tests.e2e.conftest import ROOT, OpenBooth
from tests.e2e.kiosk import KioskPage
from tests.e2e.visitors import FULL

AXE = ROOT / "node_modules/axe-core/axe.min.js"

QUICK = "backend=wasm&idle=3&ask=5"
"""Timeouts short enough for tests, and long enough for a busy machine."""


@pytest.fixture
def kiosk(open_booth: OpenBooth) -> KioskPage:
    return KioskPage(open_booth(f"?kiosk=digits&{QUICK}").ready().page)


def test_a_visitor_comes_leaves_and_is_forgotten(kiosk: KioskPage) -> None:
    page, booth = kiosk.page, BoothPage(kiosk.page)
    kiosk.attracts()
    expect(page.get_by_test_id("kiosk-begin")).to_contain_text("Draw a digit")
    expect(booth.answer).to_have_text(re.compile(r"\d"), timeout=30_000)  # it draws by itself
    kiosk.begin()
    assert page.evaluate("document.fullscreenElement === document.documentElement")
    expect(booth.answer).to_have_text("")
    booth.draw(7)
    booth.reads(7)
    kiosk.asks()
    page.mouse.click(9, 9)  # anywhere
    kiosk.visits()
    booth.reads(7)  # nothing is lost
    kiosk.asks()
    kiosk.attracts()
    kiosk.begin()
    expect(booth.answer).to_have_text("")
    expect(page.get_by_test_id("digit-canvas")).to_have_attribute("data-empty", "true")


def test_there_is_no_way_out(kiosk: KioskPage) -> None:
    page = kiosk.page
    kiosk.begin()
    assert page.locator("a:visible, input[type=file]:visible").count() == 0
    page.evaluate("document.querySelector('nav a[href=\"#/dance\"]').click()")
    page.evaluate("location.hash = '#/check'")
    page.wait_for_function("location.hash === '#/digits'")
    page.evaluate("history.back()")
    page.wait_for_function("history.state === 'guard'")
    assert "kiosk=digits" in page.url
    prevented = page.evaluate(
        """['contextmenu', 'dragstart', 'selectstart', 'gesturestart'].map((type) => (
            !document.body.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }))))"""
    )
    assert prevented == [True] * 4


def test_an_exhibit_that_is_none_is_told_and_nothing_is_locked(open_booth: OpenBooth) -> None:
    page: Page = open_booth("?kiosk=digits,juggling#/digits").ready().page
    expect(page.get_by_test_id("error")).to_contain_text("no exhibit 'juggling'")
    expect(page.get_by_test_id("error")).to_contain_text("digits, identify, detect")
    expect(page.get_by_test_id("kiosk-begin")).to_be_hidden()
    expect(page.get_by_role("navigation")).to_be_visible()


def test_exhibits_come_in_turn(open_booth: OpenBooth) -> None:
    page = open_booth(f"?kiosk=digits,detect&{QUICK}").ready().page
    kiosk = KioskPage(page)
    kiosk.begin()
    kiosk.attracts()
    expect(page.get_by_test_id("kiosk-begin")).to_contain_text("Where things are")
    expect(page.get_by_test_id("detections").get_by_role("listitem").first).to_be_visible(
        timeout=60_000
    )
    kiosk.begin()
    expect(page.get_by_test_id("detections").get_by_role("listitem")).to_have_count(0)
    expect(page.get_by_label("No picture yet")).to_be_attached()
    kiosk.attracts()
    expect(page.get_by_test_id("kiosk-begin")).to_contain_text("Draw a digit")


def test_the_operator_sees_how_the_booth_is_and_sets_it(kiosk: KioskPage) -> None:
    page = kiosk.page
    kiosk.attracts()
    assert_accessible(page)
    page.get_by_test_id("kiosk-corner").focus()
    page.keyboard.press("Enter")
    pad, panel = page.get_by_test_id("kiosk-pin"), page.get_by_test_id("kiosk-panel")
    expect(pad).to_contain_text("Choose a PIN")
    assert_accessible(page)
    enter(page, "24")
    expect(pad).to_contain_text("Give 4 to 8 digits")
    enter(page, "2468")
    expect(pad).to_contain_text("again")
    enter(page, "2468")
    expect(panel).to_contain_text("Visitors since then")
    expect(panel.get_by_test_id("kiosk-recoveries")).to_contain_text("None so far")
    assert_accessible(page)
    panel.get_by_label("What is in the picture").check()
    panel.get_by_label("Ask").select_option("30")
    expect(panel).to_contain_text("Kept.")
    panel.get_by_label("Draw a digit").uncheck()
    panel.get_by_label("What is in the picture").uncheck()
    expect(panel).to_contain_text("at least one exhibit")
    panel.get_by_role("button", name="Close").click()

    page.reload()
    BoothPage(page).ready()
    kiosk.attracts()
    assert page.evaluate("localStorage['glassbooth:kiosk:settings']").count("2468") == 0
    box = page.get_by_test_id("kiosk-corner").bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()  # and hold
    expect(pad).to_be_visible()
    page.mouse.up()
    enter(page, "1357")
    expect(pad).to_contain_text("That is not the PIN")
    enter(page, "2468")
    expect(panel.get_by_label("Ask")).to_have_value("30")
    expect(panel.get_by_label("Draw a digit")).not_to_be_checked()


STUMBLE = """
from host import page
page.fail("made up by the test", defect=True)
page.find("kiosk-begin").click()
js.document.title = "done"
"""


def test_what_went_wrong_just_when_somebody_came_is_recovered(kiosk: KioskPage) -> None:
    kiosk.attracts()
    with kiosk.recovers("A defect: made up by the test"):
        run_python(kiosk.page, STUMBLE)


def test_what_was_recovered_is_known_even_if_storage_is_full(kiosk: KioskPage) -> None:
    page = kiosk.page
    kiosk.attracts()
    page.evaluate(FULL)
    with kiosk.recovers("made up by the test"):
        page.evaluate("glassbooth.kiosk.heartbeat.reload('made up by the test')")
    page.evaluate("glassbooth.kiosk.heartbeat.record('there is room again', 'restart')")
    page.reload()
    assert [each["reason"] for each in kiosk.recoveries] == [
        "made up by the test",
        "there is room again",
    ]


def assert_accessible(page: Page) -> None:
    page.evaluate(AXE.read_text())
    violations = page.evaluate("axe.run().then((report) => report.violations)")
    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []


def enter(page: Page, pin: str) -> None:
    for digit in pin:
        page.keyboard.press(digit)
    page.get_by_test_id("kiosk-pin").get_by_role("button", name="OK").click()
