"""The design exhibit: a garment that follows the visitor's hand, and a look-book."""

import asyncio
import math
from random import Random

from exhibit import Exhibit
from exhibits.design.design import Design, name
from exhibits.design.desk import Desk
from exhibits.design.hands import Hands
from exhibits.design.lookbook import LookBook
from exhibits.design.renderer import Renderer
from exhibits.design.studio import STEP, Studio
from host import engine, liveness, page, visitors
from host.pad import Pad
from host.site import ExhibitEntry
from offline_offer import OfflineOffer

SEED = 22
"""Seed of the first design, which is the same for every visitor."""

SHOW_SECONDS = 1 / 30
"""Interval between steps of the attract loop, in s."""

SURPRISE_SECONDS = 5.0
"""Interval between surprises in the attract loop, in s."""

INVITATION = "Touch the garment, and move"


def create(entry: ExhibitEntry) -> Exhibit:
    """Return the design page."""
    return DesignExhibit(*entry.models)


class DesignExhibit:
    """The page, before and after its generator is loaded."""

    def __init__(self, generator: str, pose: str) -> None:
        """Take the names of the generator and of the pose network."""
        self._generator, self._pose = generator, pose
        self._studio: StudioPage | None = None

    async def open(self) -> None:
        """Load the generator, and start drawing."""
        self._studio = StudioPage(await engine.load(self._generator), self._pose)
        await self._studio.show()

    async def reset(self) -> None:
        """Reset the page, and delete designs beyond the number to keep."""
        if self._studio:
            await self._studio.reset()

    async def begin(self) -> None:
        """Do nothing: the visitor starts."""

    async def attract(self) -> None:
        """Move the point on the pad, with regular surprises."""
        while True:
            if self._studio:
                self._studio.wander(page.now() / 1000)
            liveness.beat("show")
            await asyncio.sleep(SHOW_SECONDS)


class StudioPage:
    """The page, once its generator is loaded."""

    def __init__(self, model: engine.Model, pose: str) -> None:
        engine.show(model)
        self._model = model
        self._labels = model.card.labels
        self._studio = Studio(SEED, Random())
        self._canvas, self._point = page.find("design-canvas"), page.find("design-point")
        self.renderer = Renderer(model, self._canvas, lambda: self._studio.design, self._rest)
        self.book = LookBook(self.renderer, self._go_on)
        self._desk = Desk(self._studio, self.renderer, self._changed)
        Pad(self._canvas, self._move, self._nudge)
        self._hands = Hands(pose, self._move, self._say)
        self._offer = OfflineOffer(page.find("design-offline"))
        page.on(page.find("design-surprise"), "click", self._surprise)
        page.on(page.find("design-undo"), "click", self._undo)
        page.on(page.find("design-keep"), "click", self._keep)
        self._visit, self._surprised = 0, 0.0
        self._begin()

    async def reset(self) -> None:
        """Reset to the first design."""
        self._visit += 1
        self._hands.stop()
        self._studio.begin_again()
        self._begin()
        await self.book.trim(visitors.works_kept())

    def wander(self, time: float) -> None:
        """Move the point along the attract loop's path, to its position at a time in s."""
        if time - self._surprised > SURPRISE_SECONDS:
            self._surprised = time
            self._surprise()
        self._move(0.7 * math.sin(0.9 * time), 0.7 * math.sin(1.3 * time))

    def _begin(self) -> None:
        self._say("")
        self._point.hidden = True
        self._changed()
        self.renderer.forget()

    async def show(self) -> None:
        """Show the stored designs."""
        await self.book.refresh()
        await self._offer.show(self._model.card.name)

    def _move(self, x: float, y: float) -> None:
        self._studio.move(x, y)
        self._show_point()
        self.renderer.wake()

    def _nudge(self, right: int, down: int) -> None:
        x, y = self._studio.place if right or down else (0.0, 0.0)
        self._move(x + STEP * right, y + STEP * down)

    def _surprise(self) -> None:
        self._studio.surprise()
        self._changed()

    def _undo(self) -> None:
        self._studio.undo()
        self._changed()

    def _go_on(self, design: Design) -> None:
        self._studio.take(design)
        self._changed()
        self._canvas.scrollIntoView()

    async def _keep(self) -> None:
        visit = self._visit
        sheet = await self.renderer.sheet(self._studio.design)
        if visit != self._visit:  # the visitor has left
            return
        kept = await self.book.keep(sheet)
        if visit != self._visit:
            await self.book.trim(visitors.works_kept())
        elif kept:
            self._say(f"Kept in your look-book: {name(sheet.design, self._labels)}")

    def _changed(self) -> None:
        """Update the page after a change."""
        self._show_point()
        page.find("design-undo").disabled = not self._studio.undoable
        self._desk.show()
        self.renderer.wake()

    def _show_point(self) -> None:
        x, y = self._studio.place
        self._point.style.left, self._point.style.top = f"{50 + 50 * x}%", f"{50 + 50 * y}%"

    def _rest(self) -> None:
        """Draw thumbnails and announce the design's title, once it no longer moves."""
        self._point.hidden = False
        page.find("design-spoken").textContent = name(self._studio.design, self._labels)
        self._desk.draw()
        self._desk.vary()

    def _say(self, text: str) -> None:
        """Show a message in place of the invitation."""
        status = page.find("design-status")
        if status.textContent != (text or INVITATION):  # else it is announced again
            status.textContent = text or INVITATION
