"""The design exhibit and its look book."""

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from glassbooth.dev.mannequin import film
from tests.e2e.booth import BoothPage
from tests.e2e.conftest import DIST, OpenBooth, watched, with_camera
from tests.e2e.kiosk import KioskPage
from tests.e2e.server import StaticHost

Picture = NDArray[np.int16]
"""`(H, W, 3)` in 0..255."""


class DesignPage:
    """Page object of the design exhibit."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.canvas = self.part("canvas")
        self.book = self.part("book").get_by_role("listitem")

    def part(self, name: str) -> Locator:
        return self.page.get_by_test_id(f"design-{name}")

    def drawn(self) -> None:
        """Wait until everything is drawn."""
        expect(self.canvas).to_have_attribute("data-state", "done", timeout=30_000)

    def garment(self) -> Picture:
        """Return the pixels of the garment once it is drawn."""
        self.drawn()
        return read(self.canvas)

    def point(self) -> tuple[float, float]:
        """Return the position of the point, in percent of the pad's sides."""
        left, top = self.part("point").evaluate("(point) => [point.style.left, point.style.top]")
        return float(left.removesuffix("%")), float(top.removesuffix("%"))

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def drag(self, *places: tuple[float, float]) -> None:
        """Move a finger over the pad; places are shares of its sides."""
        box = self.canvas.bounding_box()
        assert box
        spots = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
        self.page.mouse.move(*spots[0])
        self.page.mouse.down()
        for spot in spots[1:]:
            self.page.mouse.move(*spot, steps=3)
        self.page.mouse.up()


def read(canvas: Locator) -> Picture:
    return decode(base64.b64decode(canvas.evaluate("(it) => it.toDataURL()").partition(",")[2]))


def decode(png: bytes) -> Picture:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), np.int16)


def differ(one: Picture, other: Picture) -> bool:
    """Whether two pictures differ by more than rounding the point to pixels can cause."""
    return bool(np.abs(one - other).mean() > 2)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One page shared by several tests in order; each starts from the previous one's state."""
    with StaticHost(DIST) as host:
        context = browser.new_context(reduced_motion="reduce")
        with watched(context, host.origin):
            page = context.new_page()
            page.add_init_script(
                "window.printed = 0; window.print = () => { window.printed += 1; }"
            )
            page.goto(f"{host.url}?backend=wasm#/design")
            BoothPage(page).ready()
            yield page
        context.close()


@pytest.fixture
def design(page: Page) -> DesignPage:
    design = DesignPage(page)
    design.drawn()
    return design


def test_a_finger_on_the_pad_changes_the_garment_and_back(design: DesignPage) -> None:
    before = design.garment()
    design.drag((0.5, 0.5), (0.9, 0.25))
    assert design.point() == pytest.approx((90, 25), abs=1)
    assert differ(before, design.garment())
    design.drag((0.9, 0.25), (0.5, 0.5))
    assert not differ(before, design.garment())


def test_the_arrow_keys_do_as_well(design: DesignPage) -> None:
    before = design.garment()
    design.canvas.focus()
    for key in ["ArrowRight"] * 10 + ["ArrowUp"] * 5:
        design.page.keyboard.press(key)
    assert design.point() == pytest.approx((90, 30))
    assert differ(before, design.garment())
    design.page.keyboard.press("Home")
    assert design.point() == (50, 50)


def test_garments_are_chosen_by_their_pictures(design: DesignPage) -> None:
    buttons = design.part("kinds").get_by_role("button")
    expect(buttons).to_have_count(10)
    pictures = [read(each.locator("canvas")) for each in buttons.all()]
    assert all(differ(pictures[0], each) for each in pictures[1:])
    before = design.garment()
    design.button("Trousers").click()
    expect(design.button("Trousers")).to_have_attribute("aria-pressed", "true")
    assert differ(before, design.garment())
    expect(design.page.locator("#design-spoken")).to_contain_text("Trousers")


def test_colours_and_a_fabric(design: DesignPage) -> None:
    design.button("Plain").click()
    design.button("Poppy").click()
    design.drawn()
    design.page.get_by_label("Background").fill("#0000ff")
    garment = design.garment()
    assert garment[3, 3].tolist() == [0, 0, 255]
    expect(design.button("Poppy")).to_have_attribute("aria-pressed", "false")
    design.button("Dots").click()
    expect(design.button("Dots")).to_have_attribute("aria-pressed", "true")
    assert differ(garment, design.garment())
    design.part("undo").click()
    assert not differ(garment, design.garment())


def test_locks_hold_while_everything_else_varies(design: DesignPage) -> None:
    for part in ("garment", "colours"):
        design.button(f"Lock {part}").click()
    before, kinds = design.garment(), design.part("kinds")
    pressed = kinds.locator("[aria-pressed=true]").text_content()
    for _ in range(3):
        design.part("surprise").click()
        assert differ(before, design.garment())
        assert kinds.locator("[aria-pressed=true]").text_content() == pressed
        assert read(design.canvas)[3, 3].tolist() == [0, 0, 255]
    for part in ("garment", "colours"):
        design.button(f"Lock {part}").click()
    design.button("Lock Shape").click()
    design.button("Lock Detail").click()
    before = design.garment()
    design.drag((0.5, 0.5), (0.8, 0.2))
    assert not differ(before, design.garment())
    design.button("Lock Shape").click()
    design.button("Lock Detail").click()


def test_a_variation_is_taken_and_taken_back(design: DesignPage) -> None:
    before, offered = design.garment(), design.part("variations").get_by_role("button")
    expect(offered).to_have_count(6)
    first = read(offered.first.locator("canvas"))
    design.part("vary").click()
    design.drawn()
    assert differ(first, read(offered.first.locator("canvas")))
    offered.nth(3).click()
    assert differ(before, design.garment())
    design.part("undo").click()
    assert not differ(before, design.garment())


def test_two_designs_are_mixed(design: DesignPage) -> None:
    design.button("Trousers").click()
    design.part("first").click()
    trousers = design.garment()
    design.button("Bag").click()
    design.part("second").click()
    bag = design.garment()
    slider = design.part("mix")
    slider.fill("0.5")
    half = design.garment()
    assert differ(half, trousers)
    assert differ(half, bag)
    slider.fill("0")
    assert not differ(design.garment(), trousers)
    slider.focus()
    design.page.keyboard.press("End")
    assert not differ(design.garment(), bag)
    design.part("undo").click()
    assert not differ(design.garment(), bag)


def test_the_look_book_outlives_a_reload(design: DesignPage, tmp_path: Path) -> None:
    page = design.page
    expect(page.get_by_text("None of it leaves this device")).to_be_visible()
    design.button("Floral").click()
    kept = design.garment()
    design.part("keep").click()
    expect(design.book).to_have_count(1)
    design.part("surprise").click()
    design.part("keep").click()
    expect(design.book).to_have_count(2)

    page.reload()
    BoothPage(page).ready()
    expect(design.book).to_have_count(2)
    design.drawn()
    item = design.book.nth(1)
    expect(item).to_contain_text("Bag, floral")
    with page.expect_download() as download:
        item.get_by_role("button", name="PNG, 2048 × 2048").click()
    download.value.save_as(tmp_path / "design.png")
    exported = decode((tmp_path / "design.png").read_bytes())
    assert exported.shape == (2048, 2048, 3)
    assert len(np.unique(exported[::16, ::16].reshape(-1, 3), axis=0)) > 100
    item.get_by_role("button", name="Go on").click()
    expect(design.button("Floral")).to_have_attribute("aria-pressed", "true")
    assert not differ(kept, design.garment())

    item.get_by_role("button", name="Delete").click()
    expect(design.book).to_have_count(1)
    page.reload()
    BoothPage(page).ready()
    expect(design.book).to_have_count(1)


def test_a_page_is_printed(design: DesignPage) -> None:
    page = design.page
    for _ in range(2):
        design.part("keep").click()
    expect(design.book).to_have_count(3)
    design.book.nth(1).get_by_role("checkbox").uncheck()
    design.part("print").click()
    page.wait_for_function("printed === 1")
    page.emulate_media(media="print")
    printed = page.locator("#design-prints figure canvas")
    expect(printed).to_have_count(2)
    expect(printed.first).to_be_visible()
    expect(design.canvas).to_be_hidden()
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    page.emulate_media(media="screen")
    expect(design.canvas).to_be_visible()
    expect(page.locator("#design-prints")).to_be_hidden()
    for box in design.book.get_by_role("checkbox").all():
        box.uncheck()
    expect(design.part("print")).to_be_disabled()


FULL = """IDBObjectStore.prototype.add = function () {
  const request = this.getAllKeys();
  this.transaction.abort();
  return request;
}; true"""


def test_where_there_is_no_room_it_says_so_and_nothing_is_lost(design: DesignPage) -> None:
    design.page.evaluate(FULL)
    garment = design.garment()
    design.part("keep").click()
    error = design.page.get_by_test_id("error")
    expect(error).to_contain_text("This device keeps no designs: its storage is full")
    expect(design.book).to_have_count(3)
    assert not differ(garment, design.garment())


@pytest.fixture(scope="module")
def filming(
    playwright: Playwright, chromium: str | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A browser whose fake camera shows a person who raises their hands."""
    path = tmp_path_factory.mktemp("camera") / "film.mjpeg"
    path.write_bytes(film(2))
    with with_camera(playwright, chromium, path) as browser:
        yield browser


def test_hands_move_the_point_and_without_a_camera_the_pad_goes_on(
    filming: Browser, host: StaticHost
) -> None:
    context = filming.new_context()
    with watched(context, host.origin):
        page = context.new_page()
        page.goto(f"{host.url}?backend=wasm#/design")
        BoothPage(page).ready()
        design = DesignPage(page)
        design.drawn()
        design.part("hands").click()
        expect(page.get_by_test_id("error")).to_contain_text("The camera was refused")
        design.drag((0.5, 0.5), (0.4, 0.6))
        assert design.point() == pytest.approx((40, 60), abs=1)

        context.grant_permissions(["camera"])
        design.part("hands").click()
        expect(design.part("hands")).to_have_text("Stop the camera", timeout=30_000)
        page.wait_for_function("parseFloat(document.getElementById('design-point').style.top) < 20")
        page.evaluate("track = document.getElementById('design-video').srcObject.getTracks()[0]")
        page.evaluate("location.hash = '#/digits'")
        page.wait_for_function("track.readyState === 'ended'")
    context.close()


def test_in_a_kiosk_a_visitor_is_forgotten(open_booth: OpenBooth) -> None:
    page = open_booth("?kiosk=design&backend=wasm&idle=6&ask=3").ready().page
    kiosk, design = KioskPage(page), DesignPage(page)
    chosen = design.part("kinds").locator("[aria-pressed=true]")
    kiosk.attracts()
    page.wait_for_function("!document.getElementById('design-undo').disabled")  # it shows itself
    kiosk.begin()
    assert design.point() == (50, 50)
    expect(design.part("undo")).to_be_disabled()
    first = str(chosen.text_content())
    design.button("Lock colours").click()
    design.button("Bag").click()
    design.part("keep").click()
    expect(design.book).to_have_count(1)
    expect(design.part("print")).to_be_hidden()
    kiosk.attracts()
    kiosk.begin()
    expect(design.book).to_have_count(0)
    expect(design.part("undo")).to_be_disabled()
    expect(design.button("Lock colours")).to_have_attribute("aria-pressed", "false")
    expect(chosen).to_have_text(first)
