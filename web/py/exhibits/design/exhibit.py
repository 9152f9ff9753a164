"""Design with it: a garment that changes under the visitor's hand, and a book of what they made."""

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
"""Seed of the first design, which is the same for everybody."""

SHOW_SECONDS = 1 / 30
"""Between two steps of the show."""

SURPRISE_SECONDS = 5.0
"""Between two surprises of the show."""

INVITATION = "Touch the garment, and move"


def create(entry: ExhibitEntry) -> Exhibit:
    """Return the design page."""
    return DesignExhibit(*entry.models)


class DesignExhibit:
    """The page, before and after its generator is there."""

    def __init__(self, generator: str, pose: str) -> None:
        """Take the names of the networks that draw garments and that find hands."""
        self._generator, self._pose = generator, pose
        self._studio: StudioPage | None = None

    async def open(self) -> None:
        """Load the generator, and draw the design from now on."""
        self._studio = StudioPage(await engine.load(self._generator), self._pose)
        await self._studio.show()

    async def reset(self) -> None:
        """Reset for a new visitor, and delete all but the designs to keep."""
        if self._studio:
            await self._studio.reset()

    async def begin(self) -> None:
        """Wait for the visitor's hand."""

    async def attract(self) -> None:
        """Move among designs, with a surprise now and then."""
        while True:
            if self._studio:
                self._studio.wander(page.now() / 1000)
            liveness.beat("show")
            await asyncio.sleep(SHOW_SECONDS)


class StudioPage:
    """The page, once its generator is there."""

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
        """Forget the visitor."""
        self._visit += 1
        self._hands.stop()
        self._studio.begin_again()
        self._begin()
        await self.book.trim(visitors.works_kept())

    def wander(self, time: float) -> None:
        """Move the point along the show's path over the pad; time in s."""
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
        """Show what is kept."""
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
        if visit != self._visit:  # whose it was has left
            return
        kept = await self.book.keep(sheet)
        if visit != self._visit:
            await self.book.trim(visitors.works_kept())
        elif kept:
            self._say(f"Kept in your look-book: {name(sheet.design, self._labels)}")

    def _changed(self) -> None:
        """Show what the visitor has just done."""
        self._show_point()
        page.find("design-undo").disabled = not self._studio.undoable
        self._desk.show()
        self.renderer.wake()

    def _show_point(self) -> None:
        x, y = self._studio.place
        self._point.style.left, self._point.style.top = f"{50 + 50 * x}%", f"{50 + 50 * y}%"

    def _rest(self) -> None:
        """Draw the small pictures, now that nothing moves; tell those who listen what it is."""
        self._point.hidden = False
        page.find("design-spoken").textContent = name(self._studio.design, self._labels)
        self._desk.draw()
        self._desk.vary()

    def _say(self, text: str) -> None:
        """Tell the visitor something, in place of the invitation."""
        status = page.find("design-status")
        if status.textContent != (text or INVITATION):  # else it would be read out again and again
            status.textContent = text or INVITATION
