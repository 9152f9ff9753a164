"""Live pictures: the network answers one frame while the next one is being prepared."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from exhibits.reading import Reading, Size
from exhibits.timeline import Times
from host import camera, engine, files, page
from vision.card import Card
from vision.pace import Pace

LONGER_SIDE = 640
"""Frames are reduced to this by the browser: more than any of the networks looks at."""

WITHOUT = "Pictures work without a camera."

RATE_MS = 2000
"""The time over which the frame rate is counted."""


@dataclass(frozen=True)
class Frame:
    """A frame that is ready for the network, and the card by which it was made so."""

    card: Card
    values: NDArray[Any]
    size: Size
    decode: float
    prepare: float


class Live:
    """The camera or a video, and the answers to its frames.

    Frames are never queued: whenever one is wanted, it is the present one.
    """

    def __init__(
        self,
        reading: Callable[[], Reading | None],
        show: Callable[[Reading, Size, bool, Times], Awaitable[None]],
        over: Callable[[], Awaitable[None]],
    ) -> None:
        """Set it up.

        Args:
            reading: Says which exhibit is in view.
            show: Called with each answer, the frame's size, whether it is mirrored, and times.
            over: Called when the pictures have stopped, and nothing else takes their place.
        """
        self._reading = reading
        self._show = show
        self._over = over
        self._footage: camera.Footage | None = None
        self._wanted = camera.Wanted()
        self._other: camera.Wanted | None = None
        self._asked = 0
        self._answers: deque[float] = deque()
        self._pace = Pace()
        self._video = page.find("photo-video")
        self._rate = page.find("photo-rate")
        page.on(page.find("photo-camera"), "click", self.start)
        page.on(page.find("photo-turn"), "click", self._turn)
        page.on(page.find("photo-stop"), "click", self._end)

    @property
    def footage(self) -> camera.Footage | None:
        """What is being shown, if anything is."""
        return self._footage

    async def start(self) -> None:
        """Turn the camera on."""
        if await self._open(lambda: camera.open_camera(self._video, self._wanted), WITHOUT):
            self._other = await camera.another(self._footage) if self._footage else None
            page.find("photo-turn").hidden = not (self._other and self._footage)
        else:
            self._wanted = camera.Wanted()  # the one that was asked for may be gone

    async def play(self, file: files.File) -> None:
        """Show a video file."""
        await self._open(lambda: camera.open_video(self._video, file))

    async def _turn(self) -> None:
        self._wanted = self._other or self._wanted
        await self.start()

    async def _open(self, open_footage: Callable[[], Any], otherwise: str = "") -> bool:
        """Show moving pictures; where there are none, say why, and what to do otherwise."""
        self.stop()
        self._asked += 1
        asked = self._asked
        try:
            footage = await open_footage()
        except camera.CameraError as error:
            page.fail(f"{error} {otherwise}".strip())
            return False
        if asked != self._asked:  # the visitor went on meanwhile
            footage.close()
            return False
        page.clear_error()
        self._footage = footage
        self._pace = Pace()
        self._answers.clear()
        self._video.classList.toggle("mirrored", footage.mirrored)
        self._set_live(True)
        page.start(self._answer_all(footage))
        return True

    async def _end(self) -> None:
        self.stop()
        await self._over()

    def stop(self) -> None:
        """Stop whatever is shown; a camera's light goes off."""
        self._asked += 1
        if self._footage:
            self._footage.close()
            self._footage = None
            self._set_live(False)

    def _set_live(self, live: bool) -> None:
        page.find("photo-glass").dataset.live = str(live).lower()
        for name in ("photo-video", "photo-shot", "photo-stop", "photo-rate"):
            page.find(name).hidden = not live
        for name in ("photo-camera", "photo-choose"):
            page.find(name).hidden = live
        page.find("photo-turn").hidden = True
        self._rate.textContent = ""
        self._rate.dataset.frames = "0"

    async def _answer_all(self, footage: camera.Footage) -> None:
        try:
            await self._pass_frames(footage)
        except engine.EngineError as error:
            page.fail(str(error), self.start)
            await self._end()
            return
        if self._footage is footage:  # nobody stopped it
            await self._end()
            page.fail(f"The camera stopped: was it unplugged? {WITHOUT}")

    async def _pass_frames(self, footage: camera.Footage) -> None:
        frame = await self._next(footage)
        while frame and (reading := self._reading()) and reading.model:
            running = asyncio.ensure_future(_timed(reading.model, frame.values))
            following = await self._next(footage)
            outputs, run = await running
            if self._footage is not footage:
                return
            self._pace.took(frame.values[..., 0].size, run)
            ready = page.now()
            reading.read(outputs, frame.card, frame.size)
            times = Times(frame.decode, frame.prepare, run, page.now() - ready)
            await self._show(reading, frame.size, footage.mirrored, times)
            self._count()
            frame = following

    async def _next(self, footage: camera.Footage) -> Frame | None:
        """Return the next frame, prepared; `None` once there is none."""
        while await footage.next():
            reading = self._reading()
            if reading and reading.model:  # else its network is still on the way
                start = page.now()
                rgb = footage.read(LONGER_SIDE)
                ready = page.now()
                card = self._pace.card(reading.model.card)
                values = reading.prepare(rgb, card)
                size = rgb.shape[0], rgb.shape[1]
                return Frame(card, values, size, ready - start, page.now() - ready)
        return None

    def _count(self) -> None:
        now = page.now()
        self._answers.append(now)
        while self._answers[0] < now - RATE_MS:
            self._answers.popleft()
        seconds = (now - self._answers[0]) / 1000
        if seconds > 0:
            self._rate.textContent = f"{(len(self._answers) - 1) / seconds:.0f} a second"
        self._rate.dataset.frames = str(int(self._rate.dataset.frames) + 1)


async def _timed(
    model: engine.Model, values: NDArray[Any]
) -> tuple[tuple[NDArray[Any], ...], float]:
    """Run a network; return its outputs, and how many ms it took."""
    start = page.now()
    outputs = await model.run(values)
    return outputs, page.now() - start
