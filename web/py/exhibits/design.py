"""Design with it: a garment that changes under the visitor's hand, and a book of what they made."""

from exhibits.artist import Artist
from exhibits.desk import Desk
from exhibits.hands import Hands
from exhibits.keeping import Keeping
from exhibits.lookbook import LookBook
from host import engine, page
from host.pad import Pad
from vision.design.design import Design, name
from vision.design.studio import STEP, Studio

SEED = 6
"""What the first design is drawn from: everybody begins with the same one."""

MODEL = "garments"

INVITATION = "Touch the garment, and move"


async def open() -> None:
    """Load the generator, and draw from now on whatever is designed here."""
    booth = Booth(await engine.load(MODEL))
    page.start(booth.artist.work())
    await booth.show()


class Booth:
    """The page of the design booth."""

    def __init__(self, model: engine.Model) -> None:
        engine.show(model)
        self._labels = model.card.labels
        self._studio = Studio(SEED)
        self._canvas, self._point = page.find("design-canvas"), page.find("design-point")
        self.artist = Artist(model, self._canvas, lambda: self._studio.design, self._rest)
        self.book = LookBook(self.artist, self._go_on)
        self._desk = Desk(self._studio, self.artist, self._changed)
        Pad(self._canvas, self._move, self._nudge)
        self._hands = Hands(self._move, self._say)
        self._keeping = Keeping(page.find("design-offline"))
        page.on(page.find("design-surprise"), "click", self._surprise)
        page.on(page.find("design-undo"), "click", self._undo)
        page.on(page.find("design-keep"), "click", self._keep)
        self._changed()

    async def show(self) -> None:
        """Show what is kept."""
        await self.book.refresh()
        await self._keeping.show(MODEL)

    def _move(self, x: float, y: float) -> None:
        self._studio.move(x, y)
        self._show_point()
        self.artist.wake()

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
        sheet = await self.artist.sheet(self._studio.design)
        if await self.book.keep(sheet):
            self._say(f"Kept in your look-book: {name(sheet.design, self._labels)}")

    def _changed(self) -> None:
        """Show what the visitor has just done."""
        self._show_point()
        page.find("design-undo").disabled = not self._studio.undoable
        self._desk.show()
        self.artist.wake()

    def _show_point(self) -> None:
        x, y = self._studio.place
        self._point.style.left, self._point.style.top = f"{50 + 50 * x}%", f"{50 + 50 * y}%"

    def _rest(self) -> None:
        """Draw the small pictures, now that nothing moves; tell those who listen what it is."""
        self._canvas.dataset.empty = "false"
        self._point.hidden = False
        page.find("design-spoken").textContent = name(self._studio.design, self._labels)
        self._desk.draw()
        self._desk.vary()

    def _say(self, text: str) -> None:
        """Tell the visitor something, in place of the invitation."""
        status = page.find("design-status")
        if status.textContent != (text or INVITATION):  # else it would be read out again and again
            status.textContent = text or INVITATION
