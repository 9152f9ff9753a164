"""The attract loop of the dance exhibit: dancing figures, until the camera sees a dancer."""

import asyncio

from camera_runner import CameraRunner, Frame
from exhibits.dance.partner import Partner
from exhibits.dance.stage import Stage
from exhibits.dance.styles import STYLES
from host import camera, engine, liveness, page
from outputs import points
from pose import is_somebody

FRAME_SECONDS = 1 / 30
"""Interval of the show's frames."""

SCENE_SECONDS = 8.0
"""Time that a pair of figures dances."""

LOOK_SECONDS = 0.3
"""Interval of looks at the camera: nobody is there most of the time."""

LOOKS = 4
"""Consecutive looks that must see a person: passers-by are not visitors."""

AGAIN_SECONDS = 10.0
"""Time until a camera that did not start is tried again."""

LONGER_SIDE = 384
"""Frames are reduced to this by the browser: twice what the network looks at."""


class Demo:
    """One run of the attract loop."""

    def __init__(self, stage: Stage, video: page.Element, model: str) -> None:
        """Prepare.

        Args:
            stage: Where the figures dance.
            video: Element for the camera's pictures.
            model: Name of the network that finds dancers.
        """
        self._stage = stage
        self._video = video
        self._model = model
        self._seen = 0
        self._partners = {style.name: Partner(style, seed) for seed, style in enumerate(STYLES)}

    async def run(self) -> None:
        """Run until the camera sees somebody.

        Raises:
            EngineError: If the network that finds dancers does not run.
        """
        looking = asyncio.ensure_future(self._look_out())
        try:
            while not looking.done():
                self._draw(page.now() / 1000)
                liveness.beat("show")
                await asyncio.sleep(FRAME_SECONDS)
            await looking
        finally:
            looking.cancel()

    def _draw(self, time: float) -> None:
        scene = int(time / SCENE_SECONDS)
        styles = [STYLES[(scene + turn) % len(STYLES)] for turn in range(2)]
        self._stage.arrange()
        self._stage.draw_show([(self._partners[s.name].update(time, None), s) for s in styles])

    async def _look_out(self) -> None:
        """Return once somebody stands before the camera; without one, never."""
        while True:
            if await camera.is_allowed() and await self._sees_somebody():
                return
            await asyncio.sleep(AGAIN_SECONDS)

    async def _sees_somebody(self) -> bool:
        """Watch the camera until somebody is there; `False` once there is no camera."""
        model = await engine.load(self._model)
        runner = CameraRunner(self._video, self._look, longer_side=LONGER_SIDE, rest=LOOK_SECONDS)
        self._seen = 0
        try:
            footage = await runner.open(camera.open_camera(self._video, camera.Wanted("user")))
            if footage:
                await runner.run(footage, lambda: model)
        except camera.CameraError:
            return False  # it may come back; meanwhile a touch begins as well
        finally:
            runner.stop()
        return self._seen == LOOKS

    def _look(self, frame: Frame) -> bool:
        """Count looks in a row that see somebody; return whether it was the last one needed."""
        found = points.read(frame.outputs, frame.card, frame.context)
        self._seen = self._seen + 1 if is_somebody(found) else 0
        return self._seen == LOOKS
