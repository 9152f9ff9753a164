"""Run a network on camera or video frames; every exhibit with a camera uses it.

The next frame is prepared while the network runs on the current one. Frames are never queued: each
read takes the latest frame, and frames in between are dropped.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from card import Card
from host import camera, engine, page
from inputs import picture
from kinds import Arrays, Context, InputKind
from pace import Pace

LONGER_SIDE = 640
"""Longer side of reduced frames, in pixels; larger than the networks' inputs."""

RATE_MS = 2000
"""Period over which the frame rate is measured, in ms."""

STOPPED = "The camera stopped: was it unplugged?"


@dataclass(frozen=True)
class CameraFrame:
    """A frame, and the network's outputs for it.

    Attributes:
        time: Time it was read; s on the page's clock.
        card: Card of the network, with only those sizes that are fast enough on this device.
        outputs: Arrays by name.
        context: Holds the frame's size.
        mirrored: Whether the page shows it mirrored.
        decode: ms to read the pixels.
        prepare: ms to compute the network's inputs.
        run: ms to run the network.
    """

    time: float
    card: Card
    outputs: Arrays
    context: Context
    mirrored: bool
    decode: float
    prepare: float
    run: float


@dataclass(frozen=True)
class _Prepared:
    time: float
    card: Card
    inputs: dict[str, NDArray[Any]]
    context: Context
    decode: float
    prepare: float


class CameraRunner:
    """Opens a camera or video, and runs a network on its frames."""

    def __init__(  # noqa: PLR0913 - defaults fit most pages
        self,
        video: page.Element,
        answered: Callable[[CameraFrame], Awaitable[bool | None] | bool | None],
        *,
        live: Callable[[bool], object] = lambda _live: None,
        rate: page.Element | None = None,
        kind: InputKind = picture,
        longer_side: int = LONGER_SIDE,
        rest: float = 0.0,
    ) -> None:
        """Create a stopped runner.

        Args:
            video: ``<video>`` element that shows the frames.
            answered: Called with each answer; the runner stops if it returns True.
            live: Called with True when frames start, with False when they stop.
            rate: Element that shows the answered frames per second.
            kind: Input kind that prepares the frames.
            longer_side: Longer side of the reduced frames, in pixels.
            rest: Pause after each frame, in s.
        """
        self._video, self._answered, self._live = video, answered, live
        self._rate, self._kind = rate, kind
        self._longer_side, self._rest = longer_side, rest
        self._footage: camera.Footage | None = None
        self._asked = 0
        self._pace = Pace()
        self._answers: deque[float] = deque()

    @property
    def footage(self) -> camera.Footage | None:
        """The current footage; `None` while the runner is stopped."""
        return self._footage

    async def open(self, opening: camera.Opening) -> camera.Footage | None:
        """Open a camera or a video.

        Returns:
            The footage; `None` if the runner was stopped or opened again in the meantime.

        Raises:
            CameraError: If it cannot be opened.
        """
        self.stop()
        asked = self._asked
        try:
            footage = await opening
        except camera.CameraError:
            if asked != self._asked:
                return None
            raise
        if asked != self._asked:
            footage.close()
            return None
        self._footage = footage
        self._pace = Pace()
        self._answers.clear()
        self._video.classList.toggle("mirrored", footage.mirrored)
        self._live(True)
        return footage

    async def run(self, footage: camera.Footage, model: Callable[[], engine.Model | None]) -> None:
        """Run the network on frames until the runner is stopped or the footage ends.

        Args:
            footage: Result of `open`.
            model: Returns the network; frames are skipped while it returns `None`.

        Raises:
            EngineError: If the network fails; the runner is stopped.
            CameraError: If the footage ended by itself; the runner is stopped.
        """
        try:
            await self._pass_frames(footage, model)
        except engine.EngineError:
            if self._footage is not footage:
                return
            self.stop()
            raise
        except Exception:
            if self._footage is footage:
                self.stop()
            raise
        if self._footage is footage:
            self.stop()
            raise camera.CameraError(STOPPED)

    def stop(self) -> None:
        """Stop the runner, and release the camera."""
        self._asked += 1
        if self._footage:
            self._footage.close()
            self._footage = None
            self._live(False)
        if self._rate:
            self._rate.textContent = ""
            self._rate.dataset.frames = "0"

    async def _pass_frames(
        self, footage: camera.Footage, model: Callable[[], engine.Model | None]
    ) -> None:
        frame = await self._next(footage, model)
        while frame and (network := model()):
            running = asyncio.ensure_future(_timed(network, frame.inputs))
            following = None if self._rest else await self._next(footage, model)
            outputs, run = await running
            if self._footage is not footage:
                return
            self._pace.took(next(iter(frame.inputs.values()))[..., 0].size, run)
            enough = await self._tell(_answer(frame, outputs, footage.mirrored, run))
            if self._footage is not footage:
                return
            if enough:
                self.stop()
                return
            self._count()
            if self._rest:
                await asyncio.sleep(self._rest)
                following = await self._next(footage, model)
            frame = following

    async def _tell(self, frame: CameraFrame) -> bool:
        stop = self._answered(frame)
        return bool(await stop if isinstance(stop, Awaitable) else stop)

    async def _next(
        self, footage: camera.Footage, model: Callable[[], engine.Model | None]
    ) -> _Prepared | None:
        """Return the next prepared frame; `None` at the end of the footage."""
        while await footage.next():
            network = model()
            if network:
                start = page.now()
                rgb = footage.read(self._longer_side)
                ready = page.now()
                card = self._pace.card(network.card)
                inputs, context = self._kind.prepare(rgb, card), self._kind.context(rgb)
                times = (ready - start, page.now() - ready)
                return _Prepared(start / 1000, card, inputs, context, *times)
        return None

    def _count(self) -> None:
        if not self._rate:
            return
        now = page.now()
        self._answers.append(now)
        while self._answers[0] < now - RATE_MS:
            self._answers.popleft()
        seconds = (now - self._answers[0]) / 1000
        if seconds > 0:
            self._rate.textContent = f"{(len(self._answers) - 1) / seconds:.0f} a second"
        self._rate.dataset.frames = str(int(self._rate.dataset.frames) + 1)


async def _timed(
    model: engine.Model, inputs: dict[str, NDArray[Any]]
) -> tuple[dict[str, NDArray[Any]], float]:
    """Run a network; return its outputs and the time it took in ms."""
    start = page.now()
    outputs = await model.run(inputs)
    return outputs, page.now() - start


def _answer(frame: _Prepared, outputs: Arrays, mirrored: bool, run: float) -> CameraFrame:
    return CameraFrame(
        frame.time,
        frame.card,
        outputs,
        frame.context,
        mirrored,
        frame.decode,
        frame.prepare,
        run,
    )
