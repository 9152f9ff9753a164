"""The dance exhibit: a camera, a partner that dances along, and a recording."""

from functools import partial

from camera_runner import CameraFrame, CameraRunner
from exhibit import Exhibit
from exhibits.dance.dance_recorder import DanceRecorder
from exhibits.dance.dances import Dances
from exhibits.dance.demo import Demo
from exhibits.dance.partner import Partner
from exhibits.dance.session import DancePhase, DanceState, Session
from exhibits.dance.stage import Stage
from exhibits.dance.styles import STYLES, Style
from host import camera, engine, page, visitors
from host.site import ExhibitEntry
from offline_offer import OfflineOffer
from outputs import points
from pose import Smoother, is_somebody

LONGER_SIDE = 384
"""Longer side of reduced frames, in pixels: twice the network's input."""

SAYINGS = {
    DancePhase.ATTRACT: "Step back until the camera sees you",
    DancePhase.INVITE: "Raise both hands above your head to begin",
    DancePhase.COUNT_DOWN: "Get ready",
    DancePhase.DANCE: "Dance!",
    DancePhase.PLAYBACK: "That was you. Raise your hands to dance again",
}


def create(entry: ExhibitEntry) -> Exhibit:
    """Return the dance page."""
    return DanceFloor(entry)


class DanceFloor:
    """The page of the dance exhibit."""

    def __init__(self, entry: ExhibitEntry) -> None:
        (self._name,) = entry.models
        self._style = STYLES[0]
        self._model: engine.Model | None = None
        self._visit = self._turn = 0
        self._stage = Stage(page.find("dance-stage"))
        self._video = page.find("dance-video")
        self._dances = Dances()
        self._offer = OfflineOffer(page.find("dance-keep"))
        self._smoother = Smoother(LONGER_SIDE)
        self._runner = CameraRunner(
            self._video,
            self._answer,
            live=self._set_live,
            rate=page.find("dance-rate"),
            longer_side=LONGER_SIDE,
        )
        self._begin_again()
        page.on(page.find("dance-camera"), "click", self.begin)
        page.on(page.find("dance-stop"), "click", self._stop)
        page.on(page.find("dance-begin"), "click", self._begin)
        page.on_address(self._stop)
        self._show_styles()

    async def open(self) -> None:
        """Show the stored dances and the offline offer."""
        await self._dances.refresh()
        await self._offer.show(self._name)

    async def attract(self) -> None:
        """Run the demo until the camera sees a person."""
        page.find("dance-glass").dataset.stage = "demo"
        await Demo(self._stage, self._video, self._name).run()

    async def reset(self) -> None:
        """Turn the camera off, reset the page, and delete dances beyond the number to keep."""
        self._visit += 1
        self._stop()
        self._stage.clear()
        self._choose(STYLES[0])
        page.find("dance-glass").dataset.stage = "off"
        await self._dances.trim(visitors.works_kept())

    def _begin_again(self) -> None:
        self._partner = Partner(self._style, seed=int(page.now()))
        self._session = Session()
        self._recorder = DanceRecorder(page.find("dance-stage"))
        self._phase = DancePhase.ATTRACT
        self._smoother = Smoother(LONGER_SIDE)

    async def begin(self) -> None:
        """Turn the camera on."""
        self._stop()
        turn = self._turn
        page.find("dance-camera").disabled = True
        self._say("Loading")
        try:
            self._model = await engine.load(self._name)
            if turn != self._turn:  # the visitor left meanwhile
                self._say("")
                return
            opening = camera.open_camera(self._video, camera.Wanted("user"))
            footage = await self._runner.open(opening)
        except (engine.EngineError, camera.CameraError) as error:
            page.fail(str(error), self.begin)
            self._say("")
            return
        finally:
            page.find("dance-camera").disabled = False
        if not footage:  # the visitor left the page in the meantime
            return
        engine.show(self._model)
        page.clear_error()
        self._begin_again()
        page.start(self._run(footage))

    async def _run(self, footage: camera.Footage) -> None:
        try:
            await self._runner.run(footage, lambda: self._model)
        except (engine.EngineError, camera.CameraError) as error:
            page.fail(str(error), self.begin)

    def _stop(self) -> None:
        self._turn += 1
        self._dances.stop()
        self._runner.stop()

    def _set_live(self, live: bool) -> None:
        if not live:
            page.start(self._recorder.cancel())
        for name in ("dance-begin", "dance-stop", "dance-rate"):
            page.find(name).hidden = not live
        page.find("dance-camera").hidden = live
        page.find("dance-stage").dataset.empty = str(not live).lower()
        page.find("dance-begin").disabled = False
        page.find("dance-glass").dataset.stage = DancePhase.ATTRACT.value if live else "off"
        self._say(SAYINGS[DancePhase.ATTRACT] if live else "")

    def _begin(self) -> None:
        self._session.begin(page.now() / 1000)

    def _answer(self, frame: CameraFrame) -> None:
        """Update the stage with one frame."""
        time = frame.time
        read = points.read(frame.outputs, frame.card, frame.context)
        found = self._smoother.update(time, read)
        dancer = found if is_somebody(found) else None
        if dancer:
            visitors.seen()
        state = self._session.update(time, dancer)
        if state.raised or state.phase in (
            DancePhase.COUNT_DOWN,
            DancePhase.DANCE,
            DancePhase.PLAYBACK,
        ):
            visitors.seen()
        joints = self._partner.update(time, dancer)
        if state.phase is not DancePhase.DANCE:  # a recording keeps its size
            self._stage.arrange()
        self._stage.draw(self._video, frame.mirrored, joints, self._style)
        if state.count:
            self._stage.tell(str(state.count), state.elapsed % 1)
        elif state.raised:
            self._stage.tell("", state.raised)
        self._follow(state)
        if state.phase is DancePhase.DANCE and frame.context.size:
            self._recorder.add(state.elapsed, found, frame.context.size)

    def _follow(self, state: DanceState) -> None:
        """Update page and recorder when a new phase begins."""
        if state.phase is self._phase:
            return
        self._phase = state.phase
        page.find("dance-begin").disabled = state.phase in (DancePhase.COUNT_DOWN, DancePhase.DANCE)
        page.find("dance-glass").dataset.stage = state.phase.value
        self._say(SAYINGS[state.phase])
        self._dances.stop()
        if state.phase is DancePhase.DANCE:
            self._recorder.begin()
        elif state.phase is DancePhase.PLAYBACK:
            page.start(self._finish())

    async def _finish(self) -> None:
        """Store the recording; play it if the phase is still playback."""
        style, visit = self._style, self._visit
        recorded = await self._recorder.end(style, self._partner.beat)
        if not recorded or visit != self._visit:  # the dancer has left
            return
        if self._runner.footage and self._phase is DancePhase.PLAYBACK:
            self._dances.play(recorded.video)
        await self._dances.keep(recorded, style.title)
        if visit != self._visit:
            await self._dances.trim(visitors.works_kept())

    def _say(self, text: str) -> None:
        page.find("dance-status").textContent = text

    def _show_styles(self) -> None:
        for style in STYLES:
            button = page.make("button", style.title, type="button")
            button.dataset.style = style.name
            page.on(button, "click", partial(self._choose, style))
            page.find("dance-styles").append(button)
        self._choose(self._style)

    def _choose(self, style: Style) -> None:
        self._style = self._partner.style = style
        for button in page.find("dance-styles").children:
            button.setAttribute("aria-pressed", str(button.dataset.style == style.name).lower())
