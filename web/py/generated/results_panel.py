"""The results panel of a generated page: the answer, its JSON, times and downloads."""

import json

from generated.page_halves import View
from generated.timeline import Timeline, Times
from host import engine, files, page
from kinds import Context, OutputKind

SLOW_MS = 500
"""Interval between updates of times and JSON during moving pictures, in ms."""

INVITATION = "The answer is shown here, as soon as something is given."


class ResultsPanel:
    """The panel that shows the current answer."""

    def __init__(self, scope: page.Scope, view: View, kind: OutputKind, name: str) -> None:
        """Bind the panel's elements.

        Args:
            scope: Part of the page that holds them.
            view: View of the output kind.
            kind: Output kind.
            name: Name of saved files.
        """
        self._scope, self._view, self._kind, self._name = scope, view, kind, name
        self._context: Context | None = None
        self._mirrored = False
        self._written = 0.0
        self._timeline = Timeline(scope)
        self._results = scope.find("results")
        self._overlay = scope.find("overlay")
        page.on_resize(self._overlay, self._draw)
        for button, handler in (
            ("json-copy", self._copy_json),
            ("json-save", self._save_json),
            ("png-save", self._save_png),
        ):
            page.on(scope.find(button), "click", handler)

    def show(self, context: Context, times: Times, stats: engine.Stats) -> None:
        """Show the answer to a still input."""
        self._context, self._mirrored = context, False
        self._timeline.show(times, stats)
        self._scope.find("again").disabled = False
        self._scope.find("take").hidden = False
        self._scope.find("json-copy").textContent = "Copy JSON"
        self._results.dataset.state = "expecting"
        self.refresh()

    async def show_frame(self, context: Context, mirrored: bool, times: Times) -> None:
        """Show the answer to a frame of moving pictures."""
        self._context, self._mirrored = context, mirrored
        self._scope.find("take").hidden = True
        self._view.show()
        self._draw()
        self._results.dataset.state = "live"
        if page.now() - self._written > SLOW_MS:
            self._written = page.now()
            self._write_json()
            self._timeline.show(times, await engine.stats())

    def refresh(self) -> None:
        """Show the current answer again, after a change of its shown part."""
        if self._context is None:
            return
        words = self._view.show()
        self._draw()
        self._write_json()
        if self._results.dataset.state != "live":
            self._scope.find("results-spoken").textContent = words
            self._results.dataset.state = "done"

    def expect(self) -> None:
        """Prepare for the next answer; the last text stays until then to avoid layout shifts."""
        self._context = None
        self._draw()
        self._write_json()
        self._results.dataset.state = "expecting"

    def clear(self) -> None:
        """Show no answer."""
        self.expect()
        self._scope.find("take").hidden = True
        self._scope.find("again").disabled = True
        self._results.dataset.state = "waiting"

    def forget(self) -> None:
        """Clear the answer and the history of times."""
        self.clear()
        self._timeline.clear()
        self._scope.find("results-spoken").textContent = ""
        self._scope.find("json-copy").textContent = "Copy JSON"
        page.close_details(self._scope.root)

    def say(self, text: str) -> None:
        """Show why there is no answer yet."""
        self._scope.find("results-status").textContent = text or INVITATION

    def show_progress(self, done: int, total: int) -> None:
        """Show how many bytes of a network have been received."""
        if done < total:
            self.say(f"The network is coming: {done / 1e6:.1f} of {total / 1e6:.1f} MB")
        else:
            self.say("The network is here, and is being tried out")

    def _draw(self) -> None:
        if self._context is None:
            self._view.clear(self._overlay)
        else:
            self._view.draw(self._overlay, self._context, self._mirrored)

    def _json(self) -> str:
        if self._context is None:
            return ""
        return json.dumps(self._kind.to_json(self._view.shown()), indent=2)

    def _write_json(self) -> None:
        self._scope.find("json").textContent = self._json()

    async def _copy_json(self) -> None:
        if self._context is None:
            return
        if await files.copy(self._json()):
            self._scope.find("json-copy").textContent = "Copied"
        else:
            page.fail("This browser does not let the page copy anything. Save the JSON instead.")

    def _save_json(self) -> None:
        if self._context:
            files.save(f"{self._name}.json", files.text_blob(self._json()))

    async def _save_png(self) -> None:
        if self._context:
            picture = self._view.picture(self._scope.find("given"), self._context)
            files.save(f"{self._name}.png", await files.png(picture))
