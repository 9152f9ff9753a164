"""The operator's panel: status, recoveries, settings."""

from collections.abc import Callable

import exhibit
from host import camera, clock, kiosk, liveness, page, storage
from kiosk.health import Health
from kiosk.offline_models import OfflineModels
from kiosk.settings import Settings, SettingsError
from kiosk.store import Store

REFRESH_SECONDS = 1.0

IDLE = (15, 30, 45, 60, 90, 120, 300)
"""Selectable times, in s."""

ROTATE = (30, 60, 90, 180, 300, 900)


class Panel:
    """The dialog."""

    def __init__(
        self,
        store: Store,
        health: Health,
        offline_models: OfflineModels,
        apply: Callable[[Settings], object],
        choose_pin: Callable[[], object],
    ) -> None:
        """Set it up; `apply` is called with settings that have changed."""
        self._store = store
        self._health = health
        self._offline_models = offline_models
        self._apply = apply
        self._written = 0.0
        self._show_times("kiosk-idle", IDLE, store.settings.idle)
        self._show_times("kiosk-rotate", ROTATE, store.settings.rotate)
        self._show_exhibits()
        for name, event, handler in (
            ("kiosk-close", "click", self.close),
            ("kiosk-new-pin", "click", choose_pin),
            ("kiosk-update", "click", kiosk.update),
            ("kiosk-reload", "click", self._reload),
            ("kiosk-leave", "click", kiosk.leave),
            ("kiosk-idle", "change", self._change),
            ("kiosk-rotate", "change", self._change),
            ("kiosk-camera", "change", self._change),
            ("kiosk-keeps", "change", self._change),
            ("kiosk-exhibits", "change", self._change),
        ):
            page.on(page.find(name), event, handler)

    def open(self) -> None:
        """Open the dialog."""
        page.find("kiosk-keeps").checked = self._store.settings.keeps
        page.find("kiosk-update").disabled = not kiosk.version_waits()
        page.set_dialog("kiosk-panel", True)
        self._written = 0.0
        page.start(self._show_cameras())

    def close(self) -> None:
        """Close the dialog."""
        page.set_dialog("kiosk-panel", False)
        self.say("")

    def say(self, text: str) -> None:
        """Show a message."""
        page.find("kiosk-said").textContent = text

    def update(self, time: float) -> None:
        """Refresh the figures; ``time`` in s."""
        if page.is_open("kiosk-panel") and time - self._written > REFRESH_SECONDS:
            self._written = time
            page.start(self._write())

    async def _write(self) -> None:
        figures = page.find("kiosk-figures")
        figures.replaceChildren(*(_figure(*each) for each in (await self._figures()).items()))
        page.find("kiosk-recoveries").replaceChildren(*_recoveries())

    async def _figures(self) -> dict[str, str]:
        used, stats = await storage.used(), self._health.stats
        rates = [f"{name}: {each.rate:.0f} a second" for name, each in liveness.running().items()]
        heap = page.heap_bytes()
        return {
            "Running for": clock.duration(page.now() / 1000),
            "Visitors since then": str(self._store.visitors),
            "Visitors in all": str(self._store.before + self._store.visitors),
            "Recoveries": str(sum(each.times for each in kiosk.recoveries())),
            "Frames": ", ".join(rates) or "nothing moves",
            "Storage": f"{used[0] / 1e6:.0f} of {used[1] / 1e6:,.0f} MB" if used else "not told",
            "Kept for offline use": str(self._offline_models),
            "Page": f"{heap / 1e6:.0f} MB" if heap else "not told",
            "Engine": f"{stats.tensors} tensors, {stats.bytes / 1e6:.1f} MB" if stats else "",
        }

    def _reload(self) -> None:
        kiosk.reload("The operator asked for it")

    def _change(self) -> None:
        """Apply and store the settings of the form."""
        chosen = page.find("kiosk-exhibits").querySelectorAll("input:checked")
        try:
            self._store.keep(
                exhibits=tuple(str(each.value) for each in chosen),
                idle=float(page.find("kiosk-idle").value),
                rotate=float(page.find("kiosk-rotate").value),
                camera=str(page.find("kiosk-camera").value),
                keeps=bool(page.find("kiosk-keeps").checked),
            )
        except SettingsError as error:
            self.say(str(error))
        else:
            self.say("Kept.")
        self._apply(self._store.settings)

    def _show_times(self, name: str, times: tuple[int, ...], chosen: float) -> None:
        for time in sorted({*times, chosen}):
            page.find(name).append(_option(f"{time:g}", clock.duration(time), time == chosen))

    def _show_exhibits(self) -> None:
        for name in kiosk.known():
            label = page.make("label", class_="switch")
            box = page.make("input", type="checkbox", value=name)
            box.checked = name in self._store.settings.exhibits
            label.append(box, page.make("span", exhibit.entries()[name].title))
            page.find("kiosk-exhibits").append(label)

    async def _show_cameras(self) -> None:
        wanted = self._store.settings.camera
        found = [("", "Any"), *((each.name, each.title) for each in await camera.devices())]
        if wanted not in dict(found):
            found.append((wanted, "The one chosen before: not there"))
        options = [_option(name, title, name == wanted) for name, title in found]
        page.find("kiosk-camera").replaceChildren(*options)


def _figure(name: str, value: str) -> page.Element:
    pair = page.make("div")
    pair.append(page.make("dt", name), page.make("dd", value))
    return pair


def _option(value: str, text: str, chosen: bool) -> page.Element:
    option = page.make("option", text, value=value)
    option.selected = chosen
    return option


def _recoveries() -> list[page.Element]:
    rows = []
    for each in reversed(kiosk.recoveries()):
        times = f" ({each.times} times)" if each.times > 1 else ""
        row = page.make("li")
        row.append(
            page.make("time", clock.local(each.at)),
            page.make("b", each.remedy),
            page.make("span", each.reason + times),
        )
        rows.append(row)
    return rows or [page.make("li", "None so far")]
