"""A visitor's hands before the camera, which move the point on the pad."""

import asyncio
from collections.abc import Callable

from host import camera, engine, page, visitors
from vision import pose
from vision.dance.session import is_somebody
from vision.dance.smoothing import Smoother
from vision.design.hand import Hand

MODEL = "movenet"

LONGER_SIDE = 384
"""Frames are reduced to this by the browser: twice what the network looks at."""


class Hands:
    """The camera, its button, and the small picture of the visitor."""

    def __init__(
        self, moved: Callable[[float, float], object], say: Callable[[str], object]
    ) -> None:
        """Bind the camera.

        Args:
            moved: Called with a place on the pad, -1..1 either way.
            say: Tells the visitor what to do.
        """
        self._moved, self._say = moved, say
        self._footage: camera.Footage | None = None
        self._asked = 0
        self._video, self._button = page.find("design-video"), page.find("design-hands")
        page.on(self._button, "click", self._toggle)
        page.on_address(self.stop)

    def stop(self) -> None:
        """Turn the camera off, if it is on."""
        self._asked += 1
        if self._footage:
            self._footage.close()
            self._footage = None
            self._set_live(False)

    async def _toggle(self) -> None:
        if self._footage:
            self.stop()
        else:
            await self._start()

    async def _start(self) -> None:
        self._asked += 1
        asked = self._asked
        self._button.disabled = True
        try:
            model = await engine.load(MODEL)
            footage = await camera.open_camera(self._video, camera.Wanted("user"))
        except (engine.EngineError, camera.CameraError) as error:
            page.fail(str(error), self._start)
            return
        finally:
            self._button.disabled = False
        if asked != self._asked:  # the visitor went on meanwhile
            footage.close()
            return
        page.clear_error()
        self._footage = footage
        self._video.classList.toggle("mirrored", footage.mirrored)
        self._set_live(True)
        page.start(self._watch(model, footage))

    def _set_live(self, live: bool) -> None:
        self._video.hidden = not live
        self._button.textContent = "Stop the camera" if live else "Use your hands"
        self._say("Raise a hand" if live else "")

    async def _watch(self, model: engine.Model, footage: camera.Footage) -> None:
        try:
            await self._pass_frames(model, footage)
        except engine.EngineError as error:
            self.stop()
            page.fail(str(error), self._start)
            return
        if self._footage is footage:  # nobody stopped it
            self.stop()
            page.fail("The camera stopped: was it unplugged?", self._start)

    async def _pass_frames(self, model: engine.Model, footage: camera.Footage) -> None:
        """Follow the hand in one frame while the next one comes; frames are never queued."""
        smoother, hand = Smoother(LONGER_SIDE), Hand()
        more = await footage.next()
        while more:
            time, rgb = page.now() / 1000, footage.read(LONGER_SIDE)
            running = asyncio.ensure_future(model.run(pose.prepare(rgb, model.card)))
            more = await footage.next()
            outputs = await running
            if self._footage is not footage:
                return
            height, width, _ = rgb.shape
            found = smoother.update(time, pose.read(outputs, model.card, (height, width)))
            if is_somebody(found):
                visitors.seen()
            place = hand.update(found, width, footage.mirrored)
            if place:
                self._moved(*place)
            self._say("Move your hand" if place else "Raise a hand")
