"""The page itself: accessibility, layout, navigation and progress."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.booth import BoothPage
from tests.e2e.conftest import PHONE, ROOT, OpenBooth
from tests.e2e.server import StaticHost

PAGES = ["#/", "#/digits", "#/identify", "#/detect", "#/dance", "#/design", "#/check"]
SIZES = [(320, 568), (360, 740), (740, 360), (1280, 800), (3840, 2160)]
AXE = ROOT / "node_modules/axe-core/axe.min.js"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing(open_booth: OpenBooth, address: str, scheme: str) -> None:
    page = open_booth(address, color_scheme=scheme, **PHONE).ready().page
    page.evaluate(Path(AXE).read_text())
    violations = page.evaluate("axe.run().then((report) => report.violations)")
    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []


@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_wider_than_the_screen(open_booth: OpenBooth, address: str) -> None:
    page = open_booth(address).ready().page
    for details in page.locator("details:visible").all():
        details.locator("summary").click()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, height)


def test_the_layout_never_shifts(open_booth: OpenBooth) -> None:
    booth = open_booth(**PHONE)
    booth.draw_with_finger(7)
    booth.ready().reads(7)
    shift = booth.page.evaluate(
        """() => new Promise((resolve) => new PerformanceObserver((list) => resolve(
            list.getEntries().reduce((sum, entry) => sum + entry.value, 0)
          )).observe({ type: 'layout-shift', buffered: true })
          || setTimeout(() => resolve(0), 500))"""
    )
    assert shift < 0.01


def test_progress_tells_bytes_done_of_bytes_to_do(open_booth: OpenBooth, host: StaticHost) -> None:
    booth = open_booth("#/")
    text = booth.page.locator("#progress-text")
    expect(text).to_contain_text("MB")
    booth.ready()
    done, total = (float(part) for part in text.inner_html().removesuffix(" MB").split(" of "))
    assert 0.95 * total <= done <= total
    assert 5 < total < 40


def test_the_gallery_leads_to_every_exhibit_and_back(open_booth: OpenBooth) -> None:
    page = open_booth("#/").ready().page
    expect(page.get_by_role("heading", level=1)).to_contain_text("Neural networks")
    page.get_by_role("link", name="Draw a digit").click()
    expect(page.get_by_test_id("digit-canvas")).to_be_visible()
    expect(page).to_have_title("Draw a digit - Glassbooth")
    page.go_back()
    expect(page.get_by_test_id("digit-canvas")).to_be_hidden()
    for title in ("What is in the picture", "Where things are"):
        page.get_by_role("link", name=title).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(page).to_have_title(f"{title} - Glassbooth")
        expect(page.get_by_test_id("file")).to_be_attached()
        page.go_back()
    page.get_by_role("link", name="Check this device").click()
    expect(page.get_by_test_id("check-run")).to_be_enabled()
    page.goto(page.url.split("#")[0] + "#/no-such-page")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Neural networks")


def test_every_control_can_be_reached_by_tab(page: Page) -> None:
    BoothPage(page)
    seen = []
    page.locator("body").press("Tab")
    for _ in range(12):
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
        page.keyboard.press("Tab")
    page.locator(".skip").press("Enter")
    expect(page.locator("#content")).to_be_focused()
    expect(page.get_by_test_id("digit-canvas")).to_be_visible()
    for control in ("skip", "wordmark", "digit-canvas", "undo", "clear", "predict"):
        assert control in seen


def test_where_the_links_do_not_fit_the_current_one_is_in_view(open_booth: OpenBooth) -> None:
    page = open_booth("#/digits", **PHONE).ready().page
    links = page.locator("nav a")
    for index in range(links.count()):
        link = links.nth(index)
        link.focus()
        expect(link).to_be_in_viewport(ratio=1)
        page.keyboard.press("Enter")
        expect(link).to_have_attribute("aria-current", "page")
        expect(link).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
