"""The attract loop of the dance exhibit: figures dance until the camera sees a person."""

import asyncio

from camera_runner import CameraFrame, CameraRunner
from exhibits.dance.partner import Partner
from exhibits.dance.stage import Stage
from exhibits.dance.styles import STYLES
from host import camera, engine, liveness, page
from outputs import points
from pose import is_somebody

FRAME_SECONDS = 1 / 30
"""Interval between drawn frames, in s."""

SCENE_SECONDS = 8.0
"""Duration of a pair of figures, in s."""

LOOK_SECONDS = 0.3
"""Pause between camera frames, in s; saves power, as usually nobody is there."""

LOOKS = 4
"""Consecutive frames with a person that begin a visit; passers-by are seen in fewer."""

AGAIN_SECONDS = 10.0
"""Interval between attempts to open the camera, in s."""

LONGER_SIDE = 384
"""Longer side of reduced frames, in pixels: twice the network's input."""


class Demo:
    """One run of the attract loop."""

    def __init__(self, stage: Stage, video: page.Element, model: str) -> None:
        """Prepare.

        Args:
            stage: Stage for the figures.
            video: ``<video>`` element for the camera.
            model: Name of the pose network.
        """
        self._stage = stage
        self._video = video
        self._model = model
        self._seen = 0
        self._partners = {style.name: Partner(style, seed) for seed, style in enumerate(STYLES)}

    async def run(self) -> None:
        """Run until the camera sees a person.

        Raises:
            EngineError: If the pose network cannot be loaded or fails.
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
        """Return once the camera sees a person; without a camera, never."""
        while True:
            if await camera.is_allowed() and await self._sees_somebody():
                return
            await asyncio.sleep(AGAIN_SECONDS)

    async def _sees_somebody(self) -> bool:
        """Watch the camera until it sees a person; return False if there is no camera."""
        model = await engine.load(self._model)
        runner = CameraRunner(self._video, self._look, longer_side=LONGER_SIDE, rest=LOOK_SECONDS)
        self._seen = 0
        try:
            footage = await runner.open(camera.open_camera(self._video, camera.Wanted("user")))
            if footage:
                await runner.run(footage, lambda: model)
        except camera.CameraError:
            return False  # tried again later; meanwhile a touch begins a visit
        finally:
            runner.stop()
        return self._seen == LOOKS

    def _look(self, frame: CameraFrame) -> bool:
        """Count consecutive frames with a person; return whether there are `LOOKS`."""
        found = points.read(frame.outputs, frame.card, frame.context)
        self._seen = self._seen + 1 if is_somebody(found) else 0
        return self._seen == LOOKS
