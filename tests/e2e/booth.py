"""Page objects of the digits and photo exhibits."""

import base64
import json
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from exhibits.digits.handwriting import DIGITS
from glassbooth.dev.browsing import wait_until_ready

PIXELS = """async () => {
  const canvas = document.getElementById('given');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const reader = new FileReader();
  const read = new Promise((resolve) => { reader.onload = resolve; });
  reader.readAsDataURL(new Blob([data]));
  await read;
  return [canvas.width, canvas.height, reader.result.split(',')[1]];
}"""

Stroke = list[tuple[float, float]]


@dataclass(frozen=True)
class BoothPage:
    """A page of the site, with the digits exhibit's actions."""

    page: Page

    def ready(self) -> Self:
        """Wait until Python and the network are loaded."""
        wait_until_ready(self.page)
        return self

    def kept(self) -> Self:
        """Wait until the site is precached for offline use."""
        expect(self.page.get_by_test_id("offline")).to_be_visible(timeout=60_000)
        return self

    @property
    def answer(self) -> Locator:
        return self.page.get_by_test_id("answer")

    @property
    def error(self) -> Locator:
        return self.page.get_by_test_id("error")

    def draw(self, digit: int) -> None:
        """Draw a digit with the mouse."""
        for stroke in self._strokes(digit):
            self.page.mouse.move(*stroke[0])
            self.page.mouse.down()
            for x, y in stroke[1:]:
                self.page.mouse.move(x, y, steps=4)
            self.page.mouse.up()

    def draw_with_finger(self, digit: int) -> None:
        """Draw a digit with one finger, through the browser's own touch handling."""
        session = self.page.context.new_cdp_session(self.page)
        for stroke in self._strokes(digit):
            for kind, points in (
                ("touchStart", stroke[:1]),
                *(("touchMove", [point]) for point in stroke[1:]),
                ("touchEnd", []),
            ):
                touches = [{"x": x, "y": y} for x, y in points]
                session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
        session.detach()

    def clear(self) -> None:
        self.page.get_by_test_id("clear").click()

    def reads(self, digit: int) -> None:
        """Wait until the page shows this digit."""
        expect(self.answer).to_have_text(str(digit), timeout=15_000)

    def _strokes(self, digit: int) -> list[Stroke]:
        box = self.page.get_by_test_id("digit-canvas").bounding_box()
        assert box, "the canvas is not on the page"
        return [
            [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
            for stroke in DIGITS[digit]
        ]


@dataclass(frozen=True)
class PhotoPage:
    """A page of a photo exhibit."""

    page: Page

    @property
    def results(self) -> Locator:
        return self.page.get_by_test_id("results")

    @property
    def error(self) -> Locator:
        return self.page.get_by_test_id("error")

    def give(self, data: bytes, name: str = "picture.png", kind: str = "") -> None:
        """Choose a file, under a name that does not reveal its type."""
        file: Any = {"name": name, "mimeType": kind, "buffer": data}
        self.expect_answer()
        self.page.get_by_test_id("file").set_input_files(file)

    def expect_answer(self) -> None:
        """Mark the current answer as old, so that the next one is recognised as new."""
        self.page.evaluate("document.getElementById('results')?.setAttribute('data-state', 'old')")

    def visit(self, exhibit: str) -> None:
        """Go to another exhibit."""
        self.expect_answer()
        self.page.evaluate("(hash) => { location.hash = hash; }", f"#/{exhibit}")

    def carry(self, script: str, way: str, data: bytes) -> None:
        """Give a file by drag and drop, or by paste."""
        content = base64.b64encode(data).decode()
        self.page.evaluate(script, [way, "picture.jpg", "image/jpeg", content])

    def answered(self) -> Any:
        """Wait for the answer to a picture; return its JSON."""
        expect(self.results).to_have_attribute("data-state", "done", timeout=120_000)
        return json.loads(self.page.get_by_test_id("json").text_content() or "")

    def refused(self, message: str) -> None:
        """Wait until a picture is rejected, and close the notice."""
        expect(self.error).to_contain_text(message)
        self.error.get_by_role("button").click()
        expect(self.error).to_be_hidden()

    def pixels(self) -> NDArray[np.uint8]:
        """Return the pixels of the picture on the page, `(H, W, 3)`."""
        width, height, data = self.page.evaluate(PIXELS)
        rgba = np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)
        return rgba[..., :3]


def run_python(page: Page, source: str) -> str:
    """Run a script in the page's Python; return what it writes into the page's title."""
    page.evaluate(
        """(source) => {
          document.title = '';
          const script = document.createElement('script');
          Object.assign(script, { type: 'py', textContent: source });
          document.body.append(script);
        }""",
        f"import js\n{source}",
    )
    expect(page).not_to_have_title("")
    return page.title()
