"""Control of the pad by hands before the camera."""

from collections.abc import Callable

from camera_runner import CameraFrame, CameraRunner
from exhibits.design.hand import Hand
from host import camera, engine, page, visitors
from outputs import points
from pose import Smoother, is_somebody

LONGER_SIDE = 384
"""Longer side of reduced frames, in pixels: twice the network's input."""


class Hands:
    """The camera, its button, and its preview."""

    def __init__(
        self, pose: str, moved: Callable[[float, float], object], say: Callable[[str], object]
    ) -> None:
        """Bind the elements.

        Args:
            pose: Name of the pose network.
            moved: Called with a point on the pad, x and y in -1..1.
            say: Shows a message to the visitor.
        """
        self._pose, self._moved, self._say = pose, moved, say
        self._model: engine.Model | None = None
        self._smoother, self._hand = Smoother(LONGER_SIDE), Hand()
        self._video, self._button = page.find("design-video"), page.find("design-hands")
        self._runner = CameraRunner(
            self._video, self._follow, live=self._set_live, longer_side=LONGER_SIDE
        )
        page.on(self._button, "click", self._toggle)
        page.on_address(self.stop)

    def stop(self) -> None:
        """Turn the camera off, if it is on."""
        self._runner.stop()

    async def _toggle(self) -> None:
        if self._runner.footage:
            self.stop()
        else:
            await self._start()

    async def _start(self) -> None:
        self._button.disabled = True
        try:
            self._model = await engine.load(self._pose)
            opening = camera.open_camera(self._video, camera.Wanted("user"))
            footage = await self._runner.open(opening)
        except (engine.EngineError, camera.CameraError) as error:
            page.fail(str(error), self._start)
            return
        finally:
            self._button.disabled = False
        if not footage:  # the visitor left the page in the meantime
            return
        page.clear_error()
        self._smoother, self._hand = Smoother(LONGER_SIDE), Hand()
        page.start(self._run(footage))

    def _set_live(self, live: bool) -> None:
        self._video.hidden = not live
        self._button.textContent = "Stop the camera" if live else "Use your hands"
        self._say("Raise a hand" if live else "")

    async def _run(self, footage: camera.Footage) -> None:
        try:
            await self._runner.run(footage, lambda: self._model)
        except (engine.EngineError, camera.CameraError) as error:
            page.fail(str(error), self._start)

    def _follow(self, frame: CameraFrame) -> None:
        """Follow the hand in one frame."""
        read = points.read(frame.outputs, frame.card, frame.context)
        found = self._smoother.update(frame.time, read)
        if is_somebody(found):
            visitors.seen()
        _, width = frame.context.size or (1, 1)
        place = self._hand.update(found, width, frame.mirrored)
        if place:
            self._moved(*place)
        self._say("Move your hand" if place else "Raise a hand")
