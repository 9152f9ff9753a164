"""A visitor draws digits, with a mouse, a finger or the keys."""

import re

import pytest
from playwright.sync_api import Page, expect

from exhibits.digits.handwriting import DIGITS
from tests.e2e.booth import BoothPage
from tests.e2e.conftest import PHONE, OpenBooth


def test_digits_are_read_while_they_are_drawn_with_a_mouse(page: Page) -> None:
    booth = BoothPage(page)
    for digit in DIGITS:
        booth.draw(digit)
        booth.reads(digit)
        booth.clear()
        expect(booth.answer).to_have_text("")


def test_digits_are_read_while_they_are_drawn_with_a_finger(open_booth: OpenBooth) -> None:
    booth = open_booth(**PHONE).ready()
    for digit in (2, 4, 7):
        booth.draw_with_finger(digit)
        booth.reads(digit)
        booth.page.get_by_test_id("clear").tap()
        expect(booth.answer).to_have_text("")
    assert booth.page.evaluate("scrollY") == 0, "drawing scrolled the page"


def test_confidence_is_a_percentage_and_the_bars_agree_with_it(page: Page) -> None:
    booth = BoothPage(page)
    booth.draw(7)
    booth.reads(7)
    confidence = page.get_by_test_id("confidence")
    expect(confidence).to_have_text(re.compile(r"^\d{1,2}\.\d %$"))
    best = page.locator("#bars li.best")
    expect(best).to_have_text(f"7: {confidence.inner_text()}")


def test_a_7_in_one_stroke_is_read_with_confidence(page: Page) -> None:
    booth = BoothPage(page)
    booth.draw(7)
    booth.reads(7)
    page.get_by_test_id("predict").click()
    expect(page.locator("#announcement")).to_have_text(re.compile(r"^7, 9\d\.\d %$"))


def test_undo_takes_the_last_stroke_back(page: Page) -> None:
    booth = BoothPage(page)
    booth.draw(7)
    booth.reads(7)
    booth.draw(1)
    page.get_by_test_id("undo").click()
    page.get_by_test_id("predict").click()
    booth.reads(7)
    page.get_by_test_id("undo").click()
    expect(booth.answer).to_have_text("")


def test_predict_says_so_when_nothing_is_drawn(page: Page) -> None:
    page.get_by_test_id("predict").click()
    expect(page.get_by_test_id("confidence")).to_have_text("Draw something first")


def test_what_is_drawn_while_python_boots_is_answered_once_it_is_there(
    open_booth: OpenBooth,
) -> None:
    booth = open_booth()
    expect(booth.page.locator("body")).to_have_attribute("data-state", "booting")
    booth.draw(7)
    expect(booth.page.locator("#digit-canvas")).to_have_attribute("data-empty", "false")
    booth.ready().reads(7)


def test_the_keys_draw_too(page: Page) -> None:
    canvas = page.get_by_test_id("digit-canvas")
    canvas.focus()
    for key, times in (("ArrowUp", 9), (" ", 1), ("ArrowDown", 18), (" ", 1)):
        for _ in range(times):
            page.keyboard.press(key)
    BoothPage(page).reads(1)
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("answer")).to_have_text("")


def test_a_tap_leaves_a_dot(page: Page) -> None:
    page.get_by_test_id("digit-canvas").click()
    expect(page.get_by_test_id("answer")).to_have_text(re.compile(r"\d"))


def test_what_the_network_sees_is_shown(page: Page) -> None:
    booth = BoothPage(page)
    booth.draw(1)
    booth.reads(1)
    lit = page.evaluate(
        """() => {
          const canvas = document.getElementById('digit-sees');
          const { data } = canvas.getContext('2d').getImageData(0, 0, 28, 28);
          return [canvas.width, canvas.height, data.filter((v, i) => i % 4 == 0 && v > 128).length];
        }"""
    )
    assert lit[:2] == [28, 28]
    assert 30 < lit[2] < 150


def test_marks_and_states_of_the_contract_are_there(page: Page) -> None:
    booth = BoothPage(page)
    booth.draw(3)
    booth.reads(3)
    marks = page.evaluate("performance.getEntriesByType('mark').map((mark) => mark.name)")
    assert {"glass:python", "glass:model", "glass:answer"} <= set(marks)
    backend = page.get_by_test_id("engine").get_attribute("data-backend")
    assert backend in {"webgl", "wasm", "cpu"}


@pytest.mark.parametrize("backend", ["webgl", "wasm", "cpu"])
def test_every_backend_reads(open_booth: OpenBooth, backend: str) -> None:
    booth = open_booth(f"?backend={backend}#/digits").ready()
    expect(booth.page.get_by_test_id("engine")).to_have_attribute("data-backend", backend)
    booth.draw(5)
    booth.reads(5)


def test_the_engine_runs_on_the_page_where_workers_have_no_webgl(open_booth: OpenBooth) -> None:
    booth = open_booth("?engine=page#/digits").ready()
    assert booth.page.workers == []
    booth.draw(5)
    booth.reads(5)
