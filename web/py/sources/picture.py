"""The source of pictures: file, drag and drop, paste, samples, camera, video."""

from dataclasses import dataclass
from functools import partial

from camera_runner import CameraRunner
from card import Card
from generated.page_halves import Answering, Still
from host import camera, canvas, engine, files, liveness, page, pictures, samples
from inputs import picture
from picture_file import PictureError

SHOWN_SECONDS = 6.0
"""Duration of a sample in the attract loop, in s."""

WITHOUT = "Pictures work without a camera."


@dataclass(frozen=True)
class Photo:
    """A still picture, shared by the pages of all models for pictures.

    Attributes:
        still: Its pixels.
        drawn: Canvas that shows it.
        credit: Title and credit of a sample; empty for a visitor's picture.
    """

    still: Still
    drawn: page.Element
    credit: str

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        rgb: pictures.Rgb = self.still.given
        return rgb.shape[0], rgb.shape[1]


_latest: list[Photo] = []
"""The latest picture of any page; empty if there is none."""


class Source:
    """The picture of a generated page; see `generated.page_halves.Source`."""

    def __init__(self, scope: page.Scope, answering: Answering) -> None:
        self._scope, self._answering = scope, answering
        self._given = 0
        self._shown: Photo | None = None
        self._wanted = camera.Wanted()
        self._other: camera.Wanted | None = None
        self._canvas = scope.find("given")
        self._video = scope.find("photo-video")
        self._runner = CameraRunner(
            self._video,
            answering.answer_frame,
            live=self._set_live,
            rate=scope.find("photo-rate"),
            kind=picture,
        )
        page.on(scope.find("photo-camera"), "click", self._start_camera)
        page.on(scope.find("photo-turn"), "click", self._turn_camera)
        page.on(scope.find("photo-stop"), "click", self._end)
        page.on(scope.find("photo-shot"), "click", self._shoot)
        files.on_drop(scope.find("photo-glass"), self._is_in_view, self._take)
        files.on_paste(self._is_in_view, self._take)
        files.on_choice(scope.find("photo-file"), self._take)
        page.start(self._list_samples())

    def set_card(self, card: Card) -> None:
        """Do nothing: this source does not depend on the card."""

    def enter(self) -> None:
        """Show the latest picture of any page."""
        if _latest and self._shown is not _latest[0]:
            self._show(_latest[0])
        elif self._shown and not _latest:
            self._forget()

    def leave(self) -> None:
        """Turn the camera off."""
        self._runner.stop()

    def reset(self) -> None:
        """Clear the picture, and turn the camera off."""
        self._given += 1
        self._runner.stop()
        _latest.clear()
        self._forget()

    async def show_samples(self) -> None:
        """Show one sample after the other, forever.

        Raises:
            EngineError: If the samples cannot be fetched.
            PictureError: If a sample is damaged.
        """
        listed = await samples.listed(self._answering.entry.samples)
        while True:
            for sample in listed:
                await self._give_sample(sample)
                await liveness.rest("show", SHOWN_SECONDS)
            if not listed:
                await liveness.rest("show", SHOWN_SECONDS)

    def _is_in_view(self) -> bool:
        return self._answering.in_view

    async def _take(self, file: files.File) -> None:
        """Open a visitor's file: a picture or a video."""
        if str(file.type).startswith("video/"):
            await self._open_camera(camera.open_video(self._video, file))
            return
        try:
            await self._give(file)
        except PictureError as error:
            page.fail(str(error))

    async def _give(self, file: files.File, credit: str = "") -> None:
        """Show a picture, and answer it.

        Raises:
            PictureError: If the file cannot be read, is too large, of another kind, or damaged.
        """
        self._runner.stop()
        self._given += 1
        given, start = self._given, page.now()
        bitmap = await pictures.open_file(file)
        try:
            if given != self._given:  # another one was given in the meantime
                return
            rgb = pictures.read(bitmap, (int(bitmap.height), int(bitmap.width)))
            self._keep(rgb, page.now() - start, bitmap, credit)
        finally:
            bitmap.close()
        await self._answering.answer()

    def _keep(self, rgb: pictures.Rgb, decode: float, source: pictures.Source, credit: str) -> None:
        still = Still(rgb, picture.context(rgb), decode)
        canvas.paint(self._canvas, source, (rgb.shape[0], rgb.shape[1]))
        photo = Photo(still, self._canvas, credit)
        _latest[:] = [photo]
        self._describe(photo)
        self._answering.expect(still)

    def _show(self, photo: Photo) -> None:
        """Show a picture given on another page."""
        if photo.drawn is not self._canvas:
            canvas.paint(self._canvas, photo.drawn, photo.size)
        self._describe(photo)
        self._answering.expect(photo.still)

    def _describe(self, photo: Photo) -> None:
        self._shown = photo
        self._canvas.setAttribute("aria-label", photo.credit or "Your picture")
        self._scope.find("photo-hint").hidden = True
        self._scope.find("photo-credit").textContent = photo.credit

    def _forget(self) -> None:
        self._shown = None
        self._canvas.width, self._canvas.height = 4, 3
        self._canvas.setAttribute("aria-label", "No picture yet")
        self._scope.find("photo-hint").hidden = False
        self._scope.find("photo-credit").textContent = ""
        self._answering.expect(None)

    async def _start_camera(self) -> None:
        if await self._open_camera(camera.open_camera(self._video, self._wanted), WITHOUT):
            footage = self._runner.footage
            self._other = await camera.another(footage) if footage else None
            self._scope.find("photo-turn").hidden = not (self._other and self._runner.footage)
        else:
            self._wanted = camera.Wanted()  # the requested camera may be gone

    async def _turn_camera(self) -> None:
        self._wanted = self._other or self._wanted
        await self._start_camera()

    async def _open_camera(self, opening: camera.Opening, otherwise: str = "") -> bool:
        """Show moving pictures; on failure, show the reason and an alternative."""
        self._given += 1
        try:
            footage = await self._runner.open(opening)
        except camera.CameraError as error:
            page.fail(f"{error} {otherwise}".strip())
            return False
        if not footage:
            return False
        page.clear_error()
        page.start(self._run(footage))
        return True

    async def _run(self, footage: camera.Footage) -> None:
        try:
            await self._runner.run(footage, lambda: self._answering.model)
        except engine.EngineError as error:
            page.fail(str(error), self._start_camera)
            await self._go_back()
        except camera.CameraError as error:
            await self._go_back()
            page.fail(f"{error} {WITHOUT}")

    async def _end(self) -> None:
        self._runner.stop()
        await self._go_back()

    async def _go_back(self) -> None:
        """Show the picture from before the camera was opened."""
        self._answering.stop_answering()
        await self._answering.answer()

    async def _shoot(self) -> None:
        """Take the camera's current frame as a picture."""
        footage = self._runner.footage
        if footage:
            start = page.now()
            rgb = footage.read(max(footage.size))
            self._keep(rgb, page.now() - start, self._video, "")
            self._runner.stop()
            await self._answering.answer()

    def _set_live(self, live: bool) -> None:
        self._scope.find("photo-glass").dataset.live = str(live).lower()
        for name in ("photo-video", "photo-shot", "photo-stop", "photo-rate"):
            self._scope.find(name).hidden = not live
        for name in ("photo-camera", "photo-choose"):
            self._scope.find(name).hidden = live
        self._scope.find("photo-turn").hidden = True

    async def _list_samples(self) -> None:
        try:
            listed = await samples.listed(self._answering.entry.samples)
        except engine.EngineError as error:
            page.fail(str(error), self._list_samples)
            return
        for sample in listed:
            button = page.make("button", type="button", title=sample.title)
            button.append(page.make("img", src=sample.address, alt=sample.title, loading="lazy"))
            page.on(button, "click", partial(self._choose_sample, sample))
            item = page.make("li")
            item.append(button)
            self._scope.find("photo-samples").append(item)

    async def _choose_sample(self, sample: samples.Sample) -> None:
        try:
            await self._give_sample(sample)
        except (engine.EngineError, PictureError) as error:
            page.fail(str(error), partial(self._choose_sample, sample))

    async def _give_sample(self, sample: samples.Sample) -> None:
        self._given += 1
        given = self._given
        data = await engine.fetch_blob(sample.address)
        if given == self._given:
            await self._give(data, f"{sample.title}. Photograph: {sample.credit}")
