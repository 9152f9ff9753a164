"""What the exhibits for photographs share: where pictures come from, and how they are answered.

There is one booth for all of them, so that a picture stays when the visitor goes from one to the
other. Each exhibit brings its network and what is shown of its answers, as a `Reading`.
"""

from dataclasses import dataclass
from functools import cache, partial

from exhibits.findings import Findings
from exhibits.keeping import Keeping
from exhibits.live import Live
from exhibits.reading import Reading, Size
from exhibits.timeline import Times
from host import canvas, engine, files, page, pictures, pulse, samples
from vision.picture import PictureError

SHOWN_SECONDS = 6.0
"""How long a sample photograph of the show stays."""


@dataclass(frozen=True)
class Still:
    """A picture that stays: its pixels, and the ms it took to get them."""

    rgb: pictures.Rgb
    decode: float

    @property
    def size(self) -> Size:
        """Height and width."""
        return self.rgb.shape[0], self.rgb.shape[1]


@cache
def booth() -> "Booth":
    """Return the one booth that there is."""
    return Booth()


class Booth:
    """The page that all exhibits for photographs share."""

    def __init__(self) -> None:
        self._readings: dict[str, Reading] = {}
        self._still: Still | None = None
        self._given = 0
        self._turn = 0
        self._findings = Findings()
        self._keeping = Keeping(page.find("photo-keep"))
        self._live = Live(self._reading, self._findings.show_frame, self._go_back)
        page.on_address(self._move)
        page.on(page.find("photo-again"), "click", self.answer)
        page.on(page.find("photo-shot"), "click", self._shoot)
        files.on_drop(page.find("photo-glass"), self._is_in_view, self.take)
        files.on_paste(self._is_in_view, self.take)
        files.on_choice(page.find("photo-file"), self.take)
        page.start(self._show_samples())

    def _reading(self) -> Reading | None:
        return self._readings.get(page.address())

    def _is_in_view(self) -> bool:
        return self._reading() is not None

    def add(self, reading: Reading) -> None:
        """Take in an exhibit that is visited for the first time; its network comes meanwhile."""
        self._readings[reading.name] = reading
        reading.changed = partial(self._findings.refresh, reading)
        page.start(self._load(reading))

    async def _load(self, reading: Reading) -> None:
        name = page.find(f"/{reading.name}").dataset.model
        try:
            with engine.progress(name, self._findings.show_progress):
                reading.model = await engine.load(name)
        except engine.EngineError as error:
            page.fail(str(error), partial(self._load, reading))
            return
        self._findings.say("")
        if reading is self._reading():
            self._take_up(reading)

    def _take_up(self, reading: Reading) -> None:
        """Answer with a network that is there, beginning with the picture in view."""
        if reading.model:
            engine.show(reading.model)
            page.start(self._keeping.show(reading.model.card.name))
            page.call(self.answer)

    def _move(self) -> None:
        """Leave what was in view, and begin with what is."""
        self._turn += 1
        self._live.stop()
        self._findings.clear()
        reading = self._reading()
        if reading:
            self._take_up(reading)

    async def _go_back(self) -> None:
        """Show the picture that was in view before the camera."""
        self._findings.clear()
        await self.answer()

    async def take(self, file: files.File) -> None:
        """Take a file that the visitor gave: a picture, or a video."""
        if str(file.type).startswith("video/"):
            await self._live.play(file)
            return
        try:
            await self.give(file)
        except PictureError as error:
            page.fail(str(error))

    async def give(self, file: files.File, credit: str = "") -> None:
        """Show a picture, and what the network in view says of it.

        Raises:
            PictureError: If the file cannot be read, is too large, of another kind, or damaged.
        """
        self._live.stop()
        self._given += 1
        given, start = self._given, page.now()
        bitmap = await pictures.open_file(file)
        try:
            if given != self._given:  # another one was given meanwhile
                return
            rgb = pictures.read(bitmap, (int(bitmap.height), int(bitmap.width)))
            self._keep(Still(rgb, page.now() - start), bitmap, credit)
        finally:
            bitmap.close()
        await self.answer()

    async def _shoot(self) -> None:
        """Keep the present frame of the camera as a picture."""
        footage = self._live.footage
        if footage:
            start = page.now()
            rgb = footage.read(max(footage.size))
            self._keep(Still(rgb, page.now() - start), page.find("photo-video"), "")
            self._live.stop()
            await self.answer()

    def _keep(self, still: Still, source: pictures.Source, credit: str) -> None:
        self._still = still
        canvas.paint(page.find("photo"), source, still.size)
        page.find("photo").setAttribute("aria-label", credit or "Your picture")
        page.find("photo-hint").hidden = True
        page.find("photo-credit").textContent = credit
        page.clear_error()
        reading = self._reading()
        if reading and reading.model:
            self._findings.expect()
        else:
            self._findings.clear()

    def reset(self) -> None:
        """Forget the picture and its answers, and turn the camera off."""
        self._given += 1
        self._turn += 1
        self._live.stop()
        self._still = None
        photo = page.find("photo")
        photo.width, photo.height = 4, 3
        photo.setAttribute("aria-label", "No picture yet")
        page.find("photo-hint").hidden = False
        page.find("photo-credit").textContent = ""
        for reading in self._readings.values():
            reading.reset()
        self._findings.forget()

    async def show_samples_forever(self) -> None:
        """Show one sample photograph after the other, with what is said of it.

        Raises:
            EngineError: If they cannot be fetched.
            PictureError: If one of them is damaged.
        """
        reading = self._reading()
        if reading and not reading.model:  # it may have failed to come before
            await self._load(reading)
        listed = await samples.listed()
        while True:
            for sample in listed:
                await self._give_sample(sample)
                await pulse.rest("show", SHOWN_SECONDS)

    async def answer(self) -> None:
        """Ask the network in view about the picture in view, and show what it says."""
        reading, still = self._reading(), self._still
        if not reading or not reading.model or not still:
            return
        self._turn += 1
        turn = self._turn
        try:
            times = await self._run(reading, reading.model, still, turn)
            stats = await engine.stats()
        except engine.EngineError as error:
            self._findings.clear()
            page.fail(str(error), self.answer)
            return
        if times and turn == self._turn:
            self._findings.show(reading, still.size, times, stats)

    async def _run(
        self, reading: Reading, model: engine.Model, still: Still, turn: int
    ) -> Times | None:
        """Return how long it took; `None` if nobody waits for the answer any more."""
        start = page.now()
        values = reading.prepare(still.rgb, model.card)
        prepared = page.now()
        outputs = await model.run(values)
        answered = page.now()
        if turn != self._turn:
            return None
        reading.read(outputs, model.card, still.size)
        read = page.now() - answered
        return Times(still.decode, prepared - start, answered - prepared, read)

    async def _show_samples(self) -> None:
        try:
            listed = await samples.listed()
        except engine.EngineError as error:
            page.fail(str(error), self._show_samples)
            return
        for sample in listed:
            button = page.make("button", type="button", title=sample.title)
            button.append(page.make("img", src=sample.address, alt=sample.title, loading="lazy"))
            page.on(button, "click", partial(self._choose_sample, sample))
            item = page.make("li")
            item.append(button)
            page.find("photo-samples").append(item)

    async def _choose_sample(self, sample: samples.Sample) -> None:
        try:
            await self._give_sample(sample)
        except (engine.EngineError, PictureError) as error:
            page.fail(str(error), partial(self._choose_sample, sample))

    async def _give_sample(self, sample: samples.Sample) -> None:
        data = await engine.fetch_blob(sample.address)
        await self.give(data, f"{sample.title}. Photograph: {sample.credit}")
