"""Draws designs: the current one at once, full resolution and thumbnails when idle."""

import asyncio
from collections.abc import Callable

from exhibits.design import design, garments
from exhibits.design.cut import cut
from exhibits.design.design import Design, Sheet
from exhibits.design.garments import Numbers
from exhibits.design.picture import GarmentPicture, paint
from host import engine, liveness, page
from host.frames import Frames, calm
from host.progressive_canvas import ProgressiveCanvas, put

SIDES = (160, 192, 224, 256, 288, 320, 384)
"""Sides of a moving picture in pixels, chosen by painting time."""

IN_TIME = (6.0, 13.0)
"""Painting times in ms below which a larger side is chosen, and above which a smaller one."""

SMALL = 112
"""Side of a thumbnail, in pixels."""

AT_ONCE = 50_000
"""Pixels painted per frame at full resolution."""

LOOP = "design"
"""Name of the drawing loop; see `host.liveness`."""

RATE_FRAMES = 15
"""Frames over which the rate is measured."""


class Renderer:
    """Draws in a loop over frames; at most one run of the generator at a time."""

    def __init__(
        self,
        model: engine.Model,
        canvas: page.Element,
        wanted: Callable[[], Design],
        rested: Callable[[], object],
    ) -> None:
        """Prepare to draw.

        Args:
            model: The generator.
            canvas: Canvas for the current design.
            wanted: Returns the current design.
            rested: Called whenever the shown design reaches the current one.
        """
        self.model = model
        self._wanted, self._rested = wanted, rested
        self._canvas, self._progressive = canvas, ProgressiveCanvas(canvas)
        self._frames = Frames()
        self._awake = asyncio.Event()
        self._shown = wanted()
        self._drawing: Numbers | None = None
        self._side = SIDES.index(256)
        self._fine: GarmentPicture | None = None
        self._top = self._fine_side = 0
        self._small: dict[str, tuple[page.Element, Design | Sheet]] = {}
        self._moved: list[float] = []
        self._working: asyncio.Task[None] | None = None
        page.on_address(self.wake)
        page.on_resize(canvas, self.refine)

    def wake(self) -> None:
        """Wake the loop."""
        self._canvas.dataset.state = "drawing"
        self._awake.set()

    def forget(self) -> None:
        """Clear everything, and draw the current design."""
        self._small.clear()
        self._drawing, self._fine, self._shown = None, None, self._wanted()
        if self._working:
            self._working.cancel()
        for canvas in page.find_all(".design canvas"):
            canvas.width = canvas.width  # clears the canvas
        self._canvas.dataset.empty = "true"
        self.wake()
        self._working = page.start(self._work())

    def refine(self) -> None:
        """Redraw at full resolution after a change of the canvas's size."""
        self._fine = None
        self.wake()

    def draw_small(self, key: str, canvas: page.Element, what: Design | Sheet) -> None:
        """Queue a square thumbnail; it replaces a queued one with the same key."""
        self._small[key] = canvas, what
        self.wake()

    async def sheet(self, wanted: Design) -> Sheet:
        """Run the generator for a design.

        Raises:
            EngineError: If the generator fails.
        """
        outputs = await self.model.run(garments.prepare(wanted.code, self.model.card))
        return Sheet(wanted, garments.read(outputs, self.model.card))

    async def _work(self) -> None:
        """Do one drawing task per frame, forever; sleep when there is none."""
        while True:
            try:
                busy = page.address() == "design" and await self._step(await self._frames.next())
            except engine.EngineError as error:
                page.fail(str(error), self.wake)
                busy = False
            if not busy:
                self._canvas.dataset.state = "done"
                liveness.end(LOOP)
                self._awake.clear()
                await self._awake.wait()

    async def _step(self, elapsed: float) -> bool:
        liveness.beat(LOOP)
        return await self._follow(elapsed) or self._draw_fine() or await self._draw_one_small()

    async def _follow(self, elapsed: float) -> bool:
        """Draw the next step of the transition from the shown design to the current one."""
        wanted = self._wanted()
        if self._drawing is not None and design.same(self._shown, wanted):
            self._moved.clear()
            return False
        now = wanted if calm() else design.approached(self._shown, wanted, elapsed)
        self._drawing = (await self.sheet(now)).drawing
        self._shown, self._fine = now, None
        start = page.now()
        self._progressive.sketch(paint(cut(self._drawing), now.look, SIDES[self._side]))
        self._adapt(page.now() - start)
        self._count()
        self._canvas.dataset.empty = "false"
        if design.same(now, wanted):
            self._rested()
        return True

    def _adapt(self, ms: float) -> None:
        quick, slow = IN_TIME
        step = (ms < quick) - (ms > slow)
        self._side = min(len(SIDES) - 1, max(0, self._side + step))

    def _count(self) -> None:
        self._moved.append(page.now())
        if len(self._moved) > RATE_FRAMES:
            seconds = (self._moved[-1] - self._moved[0]) / 1000
            engine.show(self.model, f", {RATE_FRAMES / seconds:.0f} frames a second")
            self._moved.clear()

    async def _draw_one_small(self) -> bool:
        if not self._small:
            return False
        key = next(iter(self._small))
        canvas, what = self._small.pop(key)
        sheet = what if isinstance(what, Sheet) else await self.sheet(what)
        side = int(canvas.width)
        put(canvas, paint(cut(sheet.drawing), sheet.design.look, side), 0, side)
        return True

    def _draw_fine(self) -> bool:
        """Draw some rows of the current design at full resolution."""
        if self._drawing is None:
            return False
        if self._fine is None:
            self._fine_side, self._top = self._progressive.side, 0
            self._fine = GarmentPicture(cut(self._drawing), self._shown.look, self._fine_side)
        elif self._top == self._fine_side:
            return False
        end = min(self._fine_side, self._top + max(1, AT_ONCE // self._fine_side))
        self._progressive.rows(self._fine.rows(self._top, end), self._top)
        self._top = end
        return True
