"""What the dance booth shows while nobody is there: figures that dance, and an eye for dancers."""

import asyncio

from host import camera, engine, page, pulse
from host.stage import Stage
from vision import pose
from vision.dance.partner import Partner
from vision.dance.session import is_somebody
from vision.dance.styles import STYLES

FRAME_SECONDS = 1 / 30
"""Between two pictures of the show."""

SCENE_SECONDS = 8.0
"""For which the same figures dance."""

LOOK_SECONDS = 0.3
"""Between two looks at the camera: nobody is there most of the time."""

LOOKS = 4
"""In a row that see somebody before it counts: who passes by is not a visitor."""

AGAIN_SECONDS = 10.0
"""After which a camera that does not start is tried again."""

LONGER_SIDE = 384
"""Frames are reduced to this by the browser: twice what the network looks at."""


class Trailer:
    """The show, once."""

    def __init__(self, stage: Stage, video: page.Element) -> None:
        self._stage = stage
        self._video = video
        self._partners = {style.name: Partner(style, seed) for seed, style in enumerate(STYLES)}

    async def run(self) -> None:
        """Show it until the camera sees somebody.

        Raises:
            EngineError: If the network that finds dancers does not run.
        """
        looking = asyncio.ensure_future(self._look_out())
        try:
            while not looking.done():
                self._draw(page.now() / 1000)
                pulse.beat("show")
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
        model = await engine.load("movenet")
        try:
            footage = await camera.open_camera(self._video, camera.Wanted("user"))
        except camera.CameraError:
            return False  # it may come back; meanwhile a touch begins as well
        seen = 0
        try:
            while await footage.next():
                rgb = footage.read(LONGER_SIDE)
                outputs = await model.run(pose.prepare(rgb, model.card))
                found = pose.read(outputs, model.card, (rgb.shape[0], rgb.shape[1]))
                seen = seen + 1 if is_somebody(found) else 0
                if seen == LOOKS:
                    return True
                await asyncio.sleep(LOOK_SECONDS)
            return False
        finally:
            footage.close()
