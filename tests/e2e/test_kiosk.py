"""A booth that nobody minds: it invites, asks, forgets, and keeps strangers in."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.booth import Booth
from tests.e2e.conftest import OpenBooth
from tests.e2e.kiosk import Kiosk

QUICK = "backend=wasm&idle=3&ask=5"
"""Times that are short enough to wait for, and long enough for a machine that is busy."""


@pytest.fixture
def kiosk(open_booth: OpenBooth) -> Kiosk:
    return Kiosk(open_booth(f"?kiosk=digits&{QUICK}").ready().page)


def test_a_visitor_comes_leaves_and_is_forgotten(kiosk: Kiosk) -> None:
    page, booth = kiosk.page, Booth(kiosk.page)
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


def test_there_is_no_way_out(kiosk: Kiosk) -> None:
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
    kiosk = Kiosk(page)
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
