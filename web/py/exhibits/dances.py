"""The gallery of dances that are kept on this device."""

from collections.abc import Callable
from functools import partial

from exhibits.taping import Tape
from host import dances, files, page


class Dances:
    """The list on the page: each can be played, saved, shared and deleted."""

    def __init__(self) -> None:
        self._list = page.find("dances")
        self._player = page.find("dance-playback")
        self._address = ""

    async def refresh(self) -> None:
        """Show what is kept."""
        try:
            kept = await dances.kept()
        except dances.KeepError as error:
            page.fail(str(error))
            return
        self._list.replaceChildren(*(self._item(dance) for dance in kept))

    async def keep(self, tape: Tape, title: str) -> None:
        """Keep a dance, and show it in the list."""
        try:
            await dances.keep(tape.video, tape.poses, title)
        except dances.KeepError as error:
            page.fail(str(error))
            return
        await self.refresh()

    def play(self, video: files.File) -> None:
        """Play a recording over the stage."""
        self.stop()
        self._address = files.address(video)
        self._player.src = self._address
        self._player.hidden = False

    def stop(self) -> None:
        """Play nothing any more."""
        if self._address:
            self._player.hidden = True
            self._player.removeAttribute("src")
            self._player.load()
            files.forget_address(self._address)
            self._address = ""

    def _item(self, dance: dances.Dance) -> page.Element:
        item = page.make("li")
        name = f"dance-{dance.key}"
        ending = "mp4" if "mp4" in dance.video.type else "webm"
        tools = page.make("div", class_="tools small")
        actions: dict[str, Callable[[], object]] = {
            "Play": partial(self.play, dance.video),
            "Save video": partial(files.save, f"{name}.{ending}", dance.video),
            "Save poses": partial(files.save, f"{name}.json", files.text_blob(dance.poses)),
            "Delete": partial(self._delete, dance),
        }
        if files.can_share(f"{name}.{ending}", dance.video):
            actions["Share"] = partial(files.share, f"{name}.{ending}", dance.video)
        for title, action in actions.items():
            button = page.make("button", title, type="button", class_="quiet")
            page.on(button, "click", action)
            tools.append(button)
        item.append(page.make("p", dance.title), tools)
        return item

    async def _delete(self, dance: dances.Dance) -> None:
        self.stop()
        try:
            await dances.forget(dance.key)
        except dances.KeepError as error:
            page.fail(str(error), partial(self._delete, dance))
            return
        await self.refresh()
