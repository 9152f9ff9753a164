"""The look-book: designs stored on this device, to edit, save and print."""

import asyncio
from collections.abc import Callable
from functools import partial

from exhibits.design import store as designs
from exhibits.design.cut import cut
from exhibits.design.design import Design, Sheet, name
from exhibits.design.picture import GarmentPicture
from exhibits.design.renderer import Renderer
from host import files, page
from host.object_store import KeepError
from host.progressive_canvas import put

EXPORTED, PRINTED, SHOWN = 2048, 1024, 256
"""Sides of saved, printed and listed pictures, in pixels."""

AT_ONCE = 65_536
"""Pixels painted per task."""


class LookBook:
    """The list of stored designs."""

    def __init__(self, renderer: Renderer, opened: Callable[[Design], object]) -> None:
        """Bind the elements.

        Args:
            renderer: Draws the pictures.
            opened: Called with the design that the visitor opens.
        """
        self._renderer, self._opened = renderer, opened
        self._labels = renderer.model.card.labels
        self._list = page.find("design-book")
        self._sheets: dict[str, Sheet] = {}
        page.on_press(self._list, self._press)
        page.on(self._list, "change", self._count)
        page.on(page.find("design-print"), "click", self._print)
        page.on_printed(self._put_away)

    async def refresh(self) -> None:
        """Show the stored designs."""
        try:
            kept = await designs.kept()
        except KeepError as error:
            page.fail(str(error))
            return
        self._sheets = {str(number): sheet for number, sheet in kept}
        self._list.replaceChildren(*map(self._item, self._sheets))
        for item in self._list.children:
            key = str(item.dataset.key)
            self._renderer.draw_small(f"book-{key}", item.firstElementChild, self._sheets[key])
        self._count()

    async def keep(self, sheet: Sheet) -> bool:
        """Store a design, and show it in the list; return whether it was stored."""
        try:
            await designs.keep(sheet)
        except KeepError as error:
            page.fail(str(error), partial(self.keep, sheet))
            return False
        await self.refresh()
        return True

    async def trim(self, count: int) -> None:
        """Delete all but the latest designs."""
        try:
            for number, _ in (await designs.kept())[count:]:
                await designs.forget(number)
        except KeepError:
            pass  # without storage there is nothing to delete
        await self.refresh()

    def _item(self, key: str) -> page.Element:
        called = name(self._sheets[key].design, self._labels)
        item = page.make("li", data_key=key)
        tools = page.make("div", class_="tools small")
        for title, does, leaves in (
            ("Go on", "open", False),
            ("Delete", "delete", False),
            (f"PNG, {EXPORTED} × {EXPORTED}", "save", True),
        ):
            button = page.make("button", title, type="button", class_="quiet", data_does=does)
            button.append(page.make("span", f": {called}", class_="unseen"))
            button.toggleAttribute("data-leaves", leaves)
            tools.append(button)
        chosen = page.make("label", "Print", class_="chosen", data_leaves="")
        box = page.make("input", type="checkbox", checked="", aria_label=f"Print: {called}")
        chosen.prepend(box)
        item.append(
            page.make("canvas", width=SHOWN, height=SHOWN, role="img", aria_label=called),
            page.make("p", called),
            chosen,
            tools,
        )
        return item

    async def _press(self, button: page.Element) -> None:
        key = str(button.closest("li").dataset.key)
        match str(button.dataset.does):
            case "open":
                self._opened(self._sheets[key].design)
            case "save":
                await self._save(key, button)
            case _:
                await self._delete(key)

    async def _save(self, key: str, button: page.Element) -> None:
        button.disabled = True
        try:
            picture = await files.png(await painted(self._sheets[key], EXPORTED))
        finally:
            button.disabled = False
        if picture:
            files.save(f"design-{key}.png", picture)
        else:
            page.fail(f"This device has no room for a picture of {EXPORTED} × {EXPORTED}.")

    async def _delete(self, key: str) -> None:
        try:
            await designs.forget(int(key))
        except KeepError as error:
            page.fail(str(error), partial(self._delete, key))
            return
        await self.refresh()

    def _chosen(self) -> list[Sheet]:
        boxes = self._list.querySelectorAll("input:checked")
        return [self._sheets[str(box.closest("li").dataset.key)] for box in boxes]

    def _count(self) -> None:
        page.find("design-print").disabled = not self._chosen()

    async def _print(self) -> None:
        """Lay out the selected designs, and open the print dialog."""
        paper, sheets = page.find("design-prints"), self._chosen()
        page.find("design-print").disabled = True
        figures = []
        for sheet in sheets:
            figure = page.make("figure")
            caption = page.make("figcaption", name(sheet.design, self._labels))
            figure.append(await painted(sheet, PRINTED), caption)
            figures.append(figure)
        paper.replaceChildren(*figures)
        paper.dataset.count = str(min(len(figures), 6))
        page.print_only(paper)
        self._count()

    def _put_away(self) -> None:
        page.find("design-prints").replaceChildren()


async def painted(sheet: Sheet, side: int) -> page.Element:
    """Paint a design on a new canvas of a side in pixels, without blocking the page."""
    canvas = page.make("canvas", width=side, height=side)
    picture = GarmentPicture(cut(sheet.drawing), sheet.design.look, side)
    step = AT_ONCE // side
    for first in range(0, side, step):
        put(canvas, picture.rows(first, min(first + step, side)), first, side)
        await asyncio.sleep(0)
    return canvas
