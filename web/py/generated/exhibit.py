"""The page generated from a model's card: input on one side, answers on the other.

The card's input kind has a source, which gathers input; its output kind has a view, which draws
answers. This module runs the network between the two.
"""

from importlib import import_module
from typing import Any

from camera_runner import CameraFrame
from exhibit import Exhibit
from generated.page_halves import Still, create_source, create_view
from generated.results_panel import ResultsPanel
from generated.timeline import Times
from host import engine, page, site
from host.site import ExhibitEntry
from kinds import Arrays, Context, GivenError, OutputKind, output_kind
from offline_offer import OfflineOffer


def create(entry: ExhibitEntry) -> Exhibit:
    """Return the page of an exhibit without its own code."""
    return ModelPage(entry)


class ModelPage:
    """One model's page."""

    def __init__(self, entry: ExhibitEntry) -> None:
        self.entry = entry
        self.model: engine.Model | None = None
        (self._name,) = entry.models
        model = site.current().models[self._name]
        self._input, self._output = model.input, model.output
        self._kind: OutputKind = output_kind(self._output)
        self._turn = 0
        self._loading = False
        self._still: Still | None = None
        self._scope = page.Scope(page.content(entry.name))
        self._view = create_view(self._output, self._scope)
        self._panel = ResultsPanel(self._scope, self._view, self._kind, entry.name)
        self._offer = OfflineOffer(self._scope.find("keep"))
        self._source = create_source(self._input, self._scope, self)

    async def open(self) -> None:
        """Start answering, and load the network in the background."""
        page.on_address(self._move)
        page.on(self._scope.find("again"), "click", self.answer)
        self._view.on_change(self._panel.refresh)
        self._source.enter()
        page.start(self._load())

    async def reset(self) -> None:
        """Clear input and answers."""
        self._turn += 1
        self._still = None
        self._source.reset()
        self._view.reset()
        self._panel.forget()

    async def attract(self) -> None:
        """Answer one sample after the other, forever.

        Raises:
            EngineError: If the samples cannot be fetched.
        """
        if not self.model:  # loading may have failed before
            await self._load()
        await self._source.show_samples()

    async def begin(self) -> None:
        """Do nothing: the visitor starts."""

    @property
    def in_view(self) -> bool:
        """Whether the page is in view."""
        return bool(page.address() == self.entry.name)

    def expect(self, still: Still | None) -> None:
        """Discard the previous input; `give` or `answer` follows."""
        self._still = still
        self._turn += 1
        page.clear_error()
        if still and self.model:
            self._panel.expect()
        else:
            self._panel.clear()

    async def give(self, still: Still) -> None:
        """Answer a still input."""
        self.expect(still)
        await self.answer()

    def stop_answering(self) -> None:
        """Clear the answer after the end of moving pictures."""
        self._turn += 1
        self._panel.clear()

    async def answer(self) -> None:
        """Run the network on the latest input, and show the answer."""
        model, still = self.model, self._still
        if not model or not still or not self.in_view:
            return
        self._turn += 1
        turn = self._turn
        try:
            times = await self._run(model, still, turn)
            stats = await engine.stats()
        except engine.EngineError as error:
            if turn == self._turn:
                self._panel.clear()
                page.fail(str(error), self.answer)
            return
        except GivenError as error:
            if turn == self._turn:
                self._panel.clear()
                page.fail(str(error))
            return
        if times and turn == self._turn:
            self._panel.show(still.context, times, stats)

    async def answer_frame(self, frame: CameraFrame) -> None:
        """Show the answer to a frame of moving pictures."""
        self._turn += 1  # drops the answer to a still input
        start = page.now()
        self._read(frame.outputs, frame.card, frame.context)
        read = page.now() - start
        times = Times(frame.decode, frame.prepare, frame.run, read)
        await self._panel.show_frame(frame.context, frame.mirrored, times)

    def _read(self, outputs: Arrays, card: Any, context: Context) -> None:  # noqa: ANN401
        self._view.take(self._kind.read(outputs, card, context))

    async def _run(self, model: engine.Model, still: Still, turn: int) -> Times | None:
        """Run the network; return the times, or `None` if the input has changed."""
        kind = import_module(f"inputs.{self._input}")
        start = page.now()
        inputs = kind.prepare(still.given, model.card)
        prepared = page.now()
        outputs = await model.run(inputs)
        answered = page.now()
        if turn != self._turn:
            return None
        self._read(outputs, model.card, still.context)
        read = page.now() - answered
        return Times(still.decode, prepared - start, answered - prepared, read)

    async def _load(self) -> None:
        self._loading = True
        try:
            with engine.progress(self._name, self._panel.show_progress):
                self.model = await engine.load(self._name)
        except engine.EngineError as error:
            page.fail(str(error), self._load)
            return
        finally:
            self._loading = False
        self._view.set_card(self.model.card)
        self._source.set_card(self.model.card)
        self._panel.say("")
        if self.in_view:
            self._take_up()

    def _take_up(self) -> None:
        """Start using a loaded network, first on the latest input."""
        if self.model:
            engine.show(self.model)
            page.start(self._offer.show(self._name))
            page.call(self.answer)

    def _move(self) -> None:
        """Enter or leave the page after a change of address."""
        self._turn += 1
        self._source.leave()
        if self.in_view:
            self._panel.clear()
            self._source.enter()
            if self.model:
                self._take_up()
            elif not self._loading:
                page.start(self._load())
