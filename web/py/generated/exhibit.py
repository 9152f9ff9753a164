"""The page that any model gets from its card: input on one side, answers on the other.

The card's input kind brings a source (where pictures come from), its output kind a view (how boxes
are drawn); this module runs the network between the two.
"""

from importlib import import_module
from typing import Any

from camera_runner import Frame
from exhibit import Exhibit
from generated.page_halves import Still, create_source, create_view
from generated.results_panel import ResultsPanel
from generated.timeline import Times
from host import engine, page, site
from host.site import ExhibitEntry
from kinds import Arrays, Context, GivenError, OutputKind, output_kind
from offline_offer import OfflineOffer


def create(entry: ExhibitEntry) -> Exhibit:
    """Return the page of an exhibit that has no code of its own."""
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
        """Load the network, and answer every input from now on."""
        page.on_address(self._move)
        page.on(self._scope.find("again"), "click", self.answer)
        self._view.on_change(self._panel.refresh)
        self._source.enter()
        page.start(self._load())

    async def reset(self) -> None:
        """Clear the input and the answers."""
        self._turn += 1
        self._still = None
        self._source.reset()
        self._view.reset()
        self._panel.forget()

    async def attract(self) -> None:
        """Answer one sample after the other.

        Raises:
            EngineError: If they cannot be fetched.
        """
        if not self.model:  # it may have failed to come before
            await self._load()
        await self._source.show_samples()

    async def begin(self) -> None:
        """Wait for an input."""

    @property
    def in_view(self) -> bool:
        """Whether the page is the one in view."""
        return bool(page.address() == self.entry.name)

    def expect(self, still: Still | None) -> None:
        """Replace the current input; `give` or `answer` follows."""
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
        """Show no answer until the next one: moving pictures have ended."""
        self._turn += 1
        self._panel.clear()

    async def answer(self) -> None:
        """Run the network on the current input, and show the answer."""
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

    async def answer_frame(self, frame: Frame) -> None:
        """Show the answer to one of many frames."""
        start = page.now()
        self._read(frame.outputs, frame.card, frame.context)
        read = page.now() - start
        times = Times(frame.decode, frame.prepare, frame.run, read)
        await self._panel.show_frame(frame.context, frame.mirrored, times)

    def _read(self, outputs: Arrays, card: Any, context: Context) -> None:  # noqa: ANN401
        self._view.take(self._kind.read(outputs, card, context))

    async def _run(self, model: engine.Model, still: Still, turn: int) -> Times | None:
        """Return how long it took; `None` if the answer is not wanted any more."""
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
        """Answer with a loaded network, beginning with the current input."""
        if self.model:
            engine.show(self.model)
            page.start(self._offer.show(self._name))
            page.call(self.answer)

    def _move(self) -> None:
        """Leave the page, or come back to it."""
        self._turn += 1
        self._source.leave()
        if self.in_view:
            self._panel.clear()
            self._source.enter()
            if self.model:
                self._take_up()
            elif not self._loading:
                page.start(self._load())
