"""What is shown of an answer to a photograph, and what the visitor may take along."""

import json

from exhibits.reading import Reading, Size
from exhibits.timeline import Timeline, Times
from host import canvas, engine, files, page

SLOW_MS = 500
"""How often times and JSON are written anew while pictures are moving."""

INVITATION = "What it sees is listed here, once there is a picture."


class Findings:
    """The answer in view: boxes, lists, times, JSON."""

    def __init__(self) -> None:
        self._reading: Reading | None = None
        self._size: Size = (3, 4)
        self._mirrored = False
        self._written = 0.0
        self._timeline = Timeline()
        self._panel = page.find("photo-results")
        self._boxes = page.find("photo-boxes")
        page.on_resize(self._boxes, self._draw)
        for button, handler in (
            ("json-copy", self._copy_json),
            ("json-save", self._save_json),
            ("png-save", self._save_png),
        ):
            page.on(page.find(button), "click", handler)

    def show(self, reading: Reading, size: Size, times: Times, stats: engine.Stats) -> None:
        """Show the answer to a picture that stays."""
        self._reading, self._size, self._mirrored = reading, size, False
        self._timeline.show(reading.name, times, stats)
        page.find("photo-again").disabled = False
        page.find("photo-take").hidden = False
        page.find("json-copy").textContent = "Copy JSON"
        self.refresh(reading)

    async def show_frame(self, reading: Reading, size: Size, mirrored: bool, times: Times) -> None:
        """Show the answer to one of many frames."""
        self._reading, self._size, self._mirrored = reading, size, mirrored
        page.find("photo-take").hidden = True
        reading.show()
        self._draw()
        self._panel.dataset.state = "live"
        if page.now() - self._written > SLOW_MS:
            self._written = page.now()
            self._write_json()
            self._timeline.show(reading.name, times, await engine.stats())

    def refresh(self, reading: Reading) -> None:
        """Show the present answer once more, another part of it perhaps."""
        if reading is self._reading:
            said = reading.show()
            self._draw()
            self._write_json()
            if self._panel.dataset.state != "live":
                page.find("photo-spoken").textContent = said
                self._panel.dataset.state = "done"

    def expect(self) -> None:
        """Prepare for the next answer: the last one's words stay until then, so nothing jumps."""
        self._reading = None
        self._draw()
        self._write_json()
        self._panel.dataset.state = "expecting"

    def clear(self) -> None:
        """Show no answer."""
        self.expect()
        page.find("photo-take").hidden = True
        page.find("photo-again").disabled = True
        self._panel.dataset.state = "waiting"

    def forget(self) -> None:
        """Show no answer, as if there had never been one."""
        self.clear()
        self._timeline.clear()
        page.find("photo-spoken").textContent = ""
        page.find("json-copy").textContent = "Copy JSON"
        page.close_details(page.find("photo-results").parentElement)

    def say(self, text: str) -> None:
        """Tell the visitor what is missing before there is an answer."""
        page.find("photo-status").textContent = text or INVITATION

    def show_progress(self, done: int, total: int) -> None:
        """Tell how much of a network has come."""
        if done < total:
            self.say(f"The network is coming: {done / 1e6:.1f} of {total / 1e6:.1f} MB")
        else:
            self.say("The network is here, and is being tried out")

    def _draw(self) -> None:
        boxes = self._reading.boxes() if self._reading else ()
        canvas.draw_boxes(self._boxes, boxes, self._size, self._mirrored)

    def _json(self) -> str:
        return json.dumps(self._reading.to_json(), indent=2) if self._reading else ""

    def _write_json(self) -> None:
        page.find("photo-json").textContent = self._json()

    async def _copy_json(self) -> None:
        if not self._reading:
            return
        if await files.copy(self._json()):
            page.find("json-copy").textContent = "Copied"
        else:
            page.fail("This browser does not let the page copy anything. Save the JSON instead.")

    def _save_json(self) -> None:
        if self._reading:
            files.save(f"{self._reading.name}.json", files.text_blob(self._json()))

    async def _save_png(self) -> None:
        if self._reading:
            boxes = self._reading.summary_boxes(self._size)
            picture = canvas.with_boxes(page.find("photo"), boxes, self._size)
            files.save(f"{self._reading.name}.png", await files.png(picture))
