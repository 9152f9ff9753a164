"""The gallery of dances stored on this device."""

from functools import partial

from exhibits.dance import store as dances
from exhibits.dance.dance_recorder import RecordedDance
from host import files, page


class Dances:
    """The list of dances, with buttons to play, save, share and delete each."""

    def __init__(self) -> None:
        self._list = page.find("dances")
        self._player = page.find("dance-playback")
        self._address = ""
        self._kept: dict[str, dances.Dance] = {}
        page.on_press(self._list, self._press)

    async def refresh(self) -> None:
        """Show the stored dances."""
        try:
            kept = await dances.kept()
        except dances.KeepError as error:
            page.fail(str(error))
            return
        self._kept = {str(dance.key): dance for dance in kept}
        self._list.replaceChildren(*(_item(dance) for dance in kept))

    async def keep(self, recorded: RecordedDance, title: str) -> None:
        """Store a dance, and show it in the list."""
        try:
            await dances.keep(recorded.video, recorded.poses, title)
        except dances.KeepError as error:
            page.fail(str(error))
            return
        await self.refresh()

    async def trim(self, count: int) -> None:
        """Delete all but the latest dances."""
        try:
            for dance in (await dances.kept())[count:]:
                await dances.forget(dance.key)
        except dances.KeepError:
            pass  # without storage there is nothing to delete
        await self.refresh()

    def play(self, video: files.File) -> None:
        """Play a recording over the stage."""
        self.stop()
        self._address = files.address(video)
        self._player.src = self._address
        self._player.hidden = False

    def stop(self) -> None:
        """Stop the playback."""
        if self._address:
            self._player.hidden = True
            self._player.removeAttribute("src")
            self._player.load()
            files.forget_address(self._address)
            self._address = ""

    async def _press(self, button: page.Element) -> None:
        dance = self._kept[str(button.dataset.key)]
        match str(button.dataset.does):
            case "play":
                self.play(dance.video)
            case "save-video":
                files.save(_file_name(dance), dance.video)
            case "save-poses":
                files.save(f"{_name(dance)}.json", files.text_blob(dance.poses))
            case "share":
                await files.share(_file_name(dance), dance.video)
            case _:
                await self._delete(dance)

    async def _delete(self, dance: dances.Dance) -> None:
        self.stop()
        try:
            await dances.forget(dance.key)
        except dances.KeepError as error:
            page.fail(str(error), partial(self._delete, dance))
            return
        await self.refresh()


def _name(dance: dances.Dance) -> str:
    return f"dance-{dance.key}"


def _file_name(dance: dances.Dance) -> str:
    return f"{_name(dance)}.{'mp4' if 'mp4' in dance.video.type else 'webm'}"


def _item(dance: dances.Dance) -> page.Element:
    item = page.make("li")
    tools = page.make("div", class_="tools small")
    tools.append(_button(dance, "Play", "play"))
    tools.append(_button(dance, "Save video", "save-video", leaves=True))
    tools.append(_button(dance, "Save poses", "save-poses", leaves=True))
    tools.append(_button(dance, "Delete", "delete"))
    if files.can_share(_file_name(dance), dance.video):
        tools.append(_button(dance, "Share", "share", leaves=True))
    item.append(page.make("p", dance.title), tools)
    return item


def _button(dance: dances.Dance, title: str, does: str, *, leaves: bool = False) -> page.Element:
    button = page.make("button", title, type="button", class_="quiet", data_does=does)
    button.dataset.key = str(dance.key)
    if leaves:
        button.dataset.leaves = ""
    return button
