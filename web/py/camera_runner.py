"""Answers moving pictures: one runner for every exhibit that has a camera.

While a network answers one frame, the next one is prepared. Frames are never queued: whenever one
is wanted, it is the present one, and all that came meanwhile are dropped.
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
"""Longer side, in pixels, to which the browser reduces frames: more than networks take."""

RATE_MS = 2000
"""Time over which the frame rate is counted."""

STOPPED = "The camera stopped: was it unplugged?"


@dataclass(frozen=True)
class Frame:
    """A frame and what the network returned for it.

    Attributes:
        time: When it was read, in s on the page's clock.
        card: The network's; its sizes are those that are fast enough here.
        outputs: By name.
        context: With the frame's size.
        mirrored: Whether the page shows it as a mirror would.
        decode: ms from the frame to its pixels.
        prepare: ms from its pixels to the network's inputs.
        run: ms from there to the outputs.
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
    """A camera, or a video, that is turned on and off, and the answers to its frames."""

    def __init__(  # noqa: PLR0913 - each has a default that fits most pages
        self,
        video: page.Element,
        answered: Callable[[Frame], Awaitable[bool | None] | bool | None],
        *,
        live: Callable[[bool], object] = lambda _live: None,
        rate: page.Element | None = None,
        kind: InputKind = picture,
        longer_side: int = LONGER_SIDE,
        rest: float = 0.0,
    ) -> None:
        """Prepare a runner that is off.

        Args:
            video: Element that shows the pictures.
            answered: Called with each answer; if it returns True, the runner stops.
            live: Called whenever the pictures begin or end.
            rate: Element that shows how many frames are answered a second.
            kind: Prepares the frames.
            longer_side: To which frames are reduced, in pixels.
            rest: s to wait after each frame.
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
        """The pictures that are shown; `None` while the runner is off."""
        return self._footage

    async def open(self, opening: camera.Opening) -> camera.Footage | None:
        """Turn a camera or a video on.

        Returns:
            `None` if the runner was stopped, or opened once more, in the meantime.

        Raises:
            CameraError: If there are no pictures.
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
        """Answer the frames until the runner is stopped or a camera ends.

        Args:
            footage: Result of `open`.
            model: Returns the network; frames are skipped while there is none.

        Raises:
            EngineError: If the network fails; the runner is off then.
            CameraError: If the pictures ended without being stopped; likewise.
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
        """Turn the pictures off; a camera's light goes out."""
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
            following = await self._next(footage, model)
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
            frame = following

    async def _tell(self, frame: Frame) -> bool:
        told = self._answered(frame)
        return bool(await told if isinstance(told, Awaitable) else told)

    async def _next(
        self, footage: camera.Footage, model: Callable[[], engine.Model | None]
    ) -> _Prepared | None:
        """Return the next frame, prepared; `None` once there is none."""
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


def _answer(frame: _Prepared, outputs: Arrays, mirrored: bool, run: float) -> Frame:
    return Frame(
        frame.time,
        frame.card,
        outputs,
        frame.context,
        mirrored,
        frame.decode,
        frame.prepare,
        run,
    )
