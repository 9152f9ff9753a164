"""What a visitor does on the pages, and waits for."""

import base64
import json
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

PIXELS = """async () => {
  const canvas = document.getElementById('photo');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const reader = new FileReader();
  const read = new Promise((resolve) => { reader.onload = resolve; });
  reader.readAsDataURL(new Blob([data]));
  await read;
  return [canvas.width, canvas.height, reader.result.split(',')[1]];
}"""

Stroke = list[tuple[float, float]]

# One way to write each digit: corners of strokes, as shares of the canvas, from the top left.
DIGITS: dict[int, list[Stroke]] = {
    0: [[(0.5, 0.18), (0.36, 0.24), (0.29, 0.42), (0.29, 0.6), (0.37, 0.78), (0.5, 0.83),
         (0.63, 0.77), (0.71, 0.6), (0.7, 0.4), (0.63, 0.24), (0.5, 0.18)]],
    1: [[(0.52, 0.18), (0.5, 0.5), (0.48, 0.83)]],
    2: [[(0.31, 0.33), (0.38, 0.2), (0.55, 0.17), (0.67, 0.27), (0.65, 0.42), (0.5, 0.6),
         (0.32, 0.79), (0.5, 0.78), (0.72, 0.78)]],
    3: [[(0.32, 0.22), (0.5, 0.17), (0.65, 0.25), (0.64, 0.4), (0.47, 0.48), (0.66, 0.56),
         (0.69, 0.7), (0.55, 0.82), (0.33, 0.78)]],
    4: [[(0.4, 0.18), (0.33, 0.36), (0.28, 0.54), (0.5, 0.54), (0.72, 0.53)],
        [(0.62, 0.3), (0.6, 0.55), (0.58, 0.84)]],
    5: [[(0.68, 0.18), (0.4, 0.19), (0.36, 0.44), (0.55, 0.42), (0.69, 0.54), (0.67, 0.72),
         (0.52, 0.83), (0.32, 0.78)]],
    6: [[(0.62, 0.17), (0.44, 0.32), (0.34, 0.54), (0.36, 0.74), (0.5, 0.83), (0.64, 0.75),
         (0.64, 0.6), (0.5, 0.53), (0.36, 0.62)]],
    7: [[(0.29, 0.22), (0.5, 0.2), (0.71, 0.2), (0.6, 0.42), (0.5, 0.63), (0.44, 0.84)]],
    8: [[(0.64, 0.27), (0.5, 0.18), (0.37, 0.27), (0.42, 0.42), (0.58, 0.54), (0.66, 0.7),
         (0.5, 0.83), (0.35, 0.71), (0.43, 0.55), (0.59, 0.42), (0.64, 0.27)]],
    9: [[(0.66, 0.33), (0.52, 0.19), (0.36, 0.27), (0.36, 0.43), (0.52, 0.49), (0.66, 0.36),
         (0.65, 0.56), (0.6, 0.84)]],
}  # fmt: skip


@dataclass(frozen=True)
class Booth:
    """A page of the site, in the visitor's terms."""

    page: Page

    def ready(self) -> Self:
        """Wait until Python and the network are there."""
        expect(self.page.locator("body")).to_have_attribute("data-state", "ready", timeout=60_000)
        return self

    def kept(self) -> Self:
        """Wait until the site is kept for offline use."""
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
        """Wait until the page says which digit it is."""
        expect(self.answer).to_have_text(str(digit), timeout=15_000)

    def _strokes(self, digit: int) -> list[Stroke]:
        box = self.page.get_by_test_id("digit-canvas").bounding_box()
        assert box, "the canvas is not on the page"
        return [
            [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
            for stroke in DIGITS[digit]
        ]


@dataclass(frozen=True)
class PhotoBooth:
    """The page of an exhibit for photographs, in the visitor's terms."""

    page: Page

    @property
    def results(self) -> Locator:
        return self.page.get_by_test_id("results")

    @property
    def error(self) -> Locator:
        return self.page.get_by_test_id("error")

    def give(self, data: bytes, name: str = "picture.png", kind: str = "") -> None:
        """Choose a file; what it is called must make no difference."""
        file: Any = {"name": name, "mimeType": kind, "buffer": data}
        self.expect_answer()
        self.page.get_by_test_id("file").set_input_files(file)

    def expect_answer(self) -> None:
        """Mark what is on the page as old, so that the next answer is known to be new."""
        self.page.evaluate("document.getElementById('photo-results').dataset.state = 'old'")

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
        """Wait until a picture is refused, and close the notice."""
        expect(self.error).to_contain_text(message)
        self.error.get_by_role("button").click()
        expect(self.error).to_be_hidden()

    def pixels(self) -> NDArray[np.uint8]:
        """Return the picture in view as it lies on the page, `(H, W, 3)`."""
        width, height, data = self.page.evaluate(PIXELS)
        rgba = np.frombuffer(base64.b64decode(data), np.uint8).reshape(height, width, 4)
        return rgba[..., :3]
