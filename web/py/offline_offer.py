"""The offer to keep an exhibit's network for offline use."""

from host import engine, offline, page


class OfflineOffer:
    """A line with the network's size, its state, and a button to keep or remove it."""

    def __init__(self, line: page.Element) -> None:
        """Fill an empty element, hidden until `show` has an offer."""
        self._model = ""
        self._line = line
        self._text = page.make("p", role="status")
        self._bar = page.make("progress", aria_label="Keeping", value=0, max=1)
        self._button = page.make("button", type="button", class_="quiet")
        self._kept = False
        self._bar.hidden = True
        line.append(self._text, self._bar, self._button)
        page.on(self._button, "click", self._change)

    async def show(self, model: str) -> None:
        """Offer to keep a model, or to remove a kept one."""
        self._model = model
        self._kept = False
        if offline.size(model):
            self._kept = await offline.has(model)
            self._say()
        self._line.hidden = not offline.size(model)

    def _say(self) -> None:
        megabytes = f"{offline.size(self._model) / 1e6:.1f} MB"
        state = f"Kept for offline use: {megabytes}" if self._kept else f"Its network: {megabytes}"
        self._text.textContent = state
        self._button.textContent = "Remove" if self._kept else "Keep for offline use"
        self._button.disabled = False
        self._bar.hidden = True

    async def _change(self) -> None:
        self._button.disabled = True
        model = self._model
        try:
            if self._kept:
                await offline.remove(model)
            else:
                self._bar.hidden = False
                self._bar.value, self._bar.max = 0, offline.size(model)
                await offline.keep(model, self._progress)
        except engine.EngineError as error:
            page.fail(str(error), self._change)
        await self.show(self._model)

    def _progress(self, done: int) -> None:
        self._bar.value = done
        total = offline.size(self._model)
        self._text.textContent = f"Keeping {done / 1e6:.1f} of {total / 1e6:.1f} MB"
