"""Dance with it: a camera, a partner who dances along, and a recording to take home."""

import asyncio
from collections import deque
from functools import cache, partial

from exhibits.dances import Dances
from exhibits.keeping import Keeping
from exhibits.taping import Taping
from exhibits.trailer import Trailer
from host import camera, engine, page, visitors
from host.stage import Stage
from vision import pose
from vision.dance.partner import Partner
from vision.dance.session import Moment, Session, is_somebody
from vision.dance.session import Stage as Part
from vision.dance.smoothing import Smoother
from vision.dance.styles import STYLES, Style
from vision.pose import Pose

MODEL = "movenet"

LONGER_SIDE = 384
"""Frames are reduced to this by the browser: twice what the network looks at."""

RATE_FRAMES = 30
"""Answers over which the rate is counted."""

SAYINGS = {
    Part.ATTRACT: "Step back until the camera sees you",
    Part.INVITE: "Raise both hands above your head to begin",
    Part.COUNT_DOWN: "Get ready",
    Part.DANCE: "Dance!",
    Part.PLAYBACK: "That was you. Raise your hands to dance again",
}


async def open() -> None:
    """Answer from now on what is shown here."""
    await booth().show()


async def reset() -> None:
    """Turn the camera off, and forget the dancer, but for as many dances as are to be kept."""
    await booth().reset()


async def begin() -> None:
    """Turn the camera on: a visitor has come."""
    await booth().start()


async def attract() -> None:
    """Let figures dance until the camera sees somebody."""
    await booth().show_trailer()


@cache
def booth() -> "Booth":
    """Return the one booth that there is."""
    return Booth()


class Booth:
    """The page of the dance booth."""

    def __init__(self) -> None:
        self._style = STYLES[0]
        self._footage: camera.Footage | None = None
        self._asked = 0
        self._visit = 0
        self._answers: deque[float] = deque(maxlen=RATE_FRAMES)
        self._stage = Stage(page.find("dance-stage"))
        self._video = page.find("dance-video")
        self._dances = Dances()
        self._keeping = Keeping(page.find("dance-keep"))
        self._begin_again()
        page.on(page.find("dance-camera"), "click", self.start)
        page.on(page.find("dance-stop"), "click", self._stop)
        page.on(page.find("dance-begin"), "click", self._begin)
        page.on_address(self._stop)
        self._show_styles()

    async def show(self) -> None:
        """Show what is kept."""
        await self._dances.refresh()
        await self._keeping.show(MODEL)

    async def show_trailer(self) -> None:
        """Let figures dance until the camera sees somebody."""
        page.find("dance-glass").dataset.stage = "trailer"
        await Trailer(self._stage, self._video).run()

    async def reset(self) -> None:
        """Forget the visitor."""
        self._visit += 1
        self._stop()
        self._stage.clear()
        self._choose(STYLES[0])
        page.find("dance-glass").dataset.stage = "off"
        await self._dances.trim(visitors.works_kept())

    def _begin_again(self) -> None:
        self._partner = Partner(self._style, seed=int(page.now()))
        self._session = Session()
        self._taping = Taping(page.find("dance-stage"))
        self._part = Part.ATTRACT

    async def start(self) -> None:
        """Turn the camera on."""
        self._stop()
        self._asked += 1
        asked = self._asked
        page.find("dance-camera").disabled = True
        self._say("Loading")
        try:
            model = await engine.load(MODEL)
            footage = await camera.open_camera(self._video, camera.Wanted("user"))
        except (engine.EngineError, camera.CameraError) as error:
            page.fail(str(error), self.start)
            self._say("")
            return
        finally:
            page.find("dance-camera").disabled = False
        if asked != self._asked:  # the visitor went on meanwhile
            footage.close()
            return
        engine.show(model)
        page.clear_error()
        self._begin_again()
        self._footage = footage
        self._set_live(True)
        page.start(self._dance(model, footage))

    def _stop(self) -> None:
        self._asked += 1
        self._dances.stop()
        if self._footage:
            self._footage.close()
            self._footage = None
            page.start(self._taping.cancel())
            self._set_live(False)

    def _set_live(self, live: bool) -> None:
        for name in ("dance-begin", "dance-stop", "dance-rate"):
            page.find(name).hidden = not live
        page.find("dance-camera").hidden = live
        page.find("dance-stage").dataset.empty = str(not live).lower()
        page.find("dance-begin").disabled = False
        page.find("dance-rate").textContent = ""
        page.find("dance-glass").dataset.stage = Part.ATTRACT.value if live else "off"
        self._say(SAYINGS[Part.ATTRACT] if live else "")

    def _begin(self) -> None:
        self._session.begin(page.now() / 1000)

    async def _dance(self, model: engine.Model, footage: camera.Footage) -> None:
        try:
            await self._pass_frames(model, footage)
        except engine.EngineError as error:
            page.fail(str(error), self.start)
            self._stop()
            return
        if self._footage is footage:  # nobody stopped it
            self._stop()
            page.fail("The camera stopped: was it unplugged?", self.start)

    async def _pass_frames(self, model: engine.Model, footage: camera.Footage) -> None:
        """Answer one frame while the next one comes; frames are never queued."""
        smoother = Smoother(LONGER_SIDE)
        more = await footage.next()
        while more:
            time = page.now() / 1000
            rgb = footage.read(LONGER_SIDE)
            running = asyncio.ensure_future(model.run(pose.prepare(rgb, model.card)))
            more = await footage.next()
            outputs = await running
            if self._footage is not footage:
                return
            size = (rgb.shape[0], rgb.shape[1])
            found = smoother.update(time, pose.read(outputs, model.card, size))
            self._answer(time, found, size, footage.mirrored)

    def _answer(self, time: float, found: Pose, size: tuple[int, int], mirrored: bool) -> None:
        dancer = found if is_somebody(found) else None
        if dancer:
            visitors.seen()
        moment = self._session.update(time, dancer)
        if moment.raised or moment.stage in (Part.COUNT_DOWN, Part.DANCE, Part.PLAYBACK):
            visitors.seen()
        joints = self._partner.update(time, dancer)
        if moment.stage is not Part.DANCE:  # what is being recorded keeps its form
            self._stage.arrange()
        self._stage.draw(self._video, mirrored, joints, self._style)
        if moment.count:
            self._stage.tell(str(moment.count), moment.elapsed % 1)
        elif moment.raised:
            self._stage.tell("", moment.raised)
        self._follow(moment)
        if moment.stage is Part.DANCE:
            self._taping.add(moment.elapsed, found, size)
        self._count()

    def _follow(self, moment: Moment) -> None:
        """Do what the next part of the course brings, when it begins."""
        if moment.stage is self._part:
            return
        self._part = moment.stage
        page.find("dance-begin").disabled = moment.stage in (Part.COUNT_DOWN, Part.DANCE)
        page.find("dance-glass").dataset.stage = moment.stage.value
        self._say(SAYINGS[moment.stage])
        self._dances.stop()
        if moment.stage is Part.DANCE:
            self._taping.begin()
        elif moment.stage is Part.PLAYBACK:
            page.start(self._finish())

    async def _finish(self) -> None:
        """Play what was recorded, unless the visitor has gone on already, and keep it."""
        style, visit = self._style, self._visit
        tape = await self._taping.end(style, self._partner.beat)
        if not tape or visit != self._visit:  # who danced has left
            return
        if self._footage and self._part is Part.PLAYBACK:
            self._dances.play(tape.video)
        await self._dances.keep(tape, style.title)
        if visit != self._visit:
            await self._dances.trim(visitors.works_kept())

    def _count(self) -> None:
        self._answers.append(page.now())
        seconds = (self._answers[-1] - self._answers[0]) / 1000
        if seconds > 0:
            rate = (len(self._answers) - 1) / seconds
            page.find("dance-rate").textContent = f"{rate:.0f} a second"

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
