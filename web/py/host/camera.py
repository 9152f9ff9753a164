"""Footage of a camera or video file, shown in a ``<video>`` and read frame by frame."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from js import URL, Object, document, navigator, window
from pyodide.ffi import JsException, create_proxy, to_js

from host import liveness, page, pictures
from host.page import Element

Facing: TypeAlias = Literal["user", "environment"]
"""Direction of a camera: toward the visitor, or away from them."""

WIDTH, HEIGHT = 1280, 720
"""Requested size of camera frames, in pixels; the actual one may differ."""

LOOP = "camera"
"""Name of the loop over frames; see `host.liveness`."""

SPARSE = 8
"""Stride, on both axes, of the pixels whose mean is a frame's brightness."""

STALL_MS = 8000.0
"""Time without a frame after which a running camera counts as stalled, in ms."""

LOOK_SECONDS = 1.0
"""Interval between checks for a stall, in s."""

_REASONS = {
    "NotAllowedError": "The camera was refused. Allow it for this page in the browser's settings",
    "SecurityError": "The camera is not allowed here. Allow it in the browser's settings",
    "NotFoundError": "No camera was found. Connect one",
    "OverconstrainedError": "No such camera was found. Connect one",
    "NotReadableError": "The camera does not start. Close other programs that use it",
    "AbortError": "The camera does not start. Close other programs that use it",
}


_preferred = ""


@dataclass(frozen=True)
class Wanted:
    """The requested camera: by direction, or by device if one is given."""

    facing: Facing = "environment"
    device: str = ""


class CameraError(Exception):
    """A failure of camera or video; the message is a sentence for people."""


class Footage:
    """A running camera or video."""

    def __init__(
        self,
        video: Element,
        release: Callable[[], object],
        *,
        mirrored: bool = False,
        device: str = "",
        facing: str = "",
    ) -> None:
        """Wrap a playing ``<video>``; `device` and `facing` describe the camera, where known."""
        self.mirrored = mirrored
        self.device = device
        self.facing = facing
        self.over = False
        self._video = video
        self._release = release
        self._closed = False
        self._wake = asyncio.Event()
        self._waiting_since: float | None = None
        self._looking: asyncio.TimerHandle | None = None
        self._on_frame = create_proxy(lambda *_: self._wake.set())
        self._cancel: Callable[[], object] = lambda: None
        self._look()

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of a frame at full size."""
        return int(self._video.videoHeight), int(self._video.videoWidth)

    async def next(self) -> bool:
        """Wait for a new frame; return False at the end of the footage.

        No frames arrive while the page is hidden.
        """
        self._wake.clear()
        if not self.over:
            self._ask()
            self._waiting_since = page.now()
            await self._wake.wait()
            self._waiting_since = None
        return not self.over

    def _look(self) -> None:
        """End the footage if it stalls while the page is visible."""
        now = page.now()
        if self._waiting_since is not None and document.hidden:
            self._waiting_since = now
        elif self._waiting_since is not None and now - self._waiting_since > STALL_MS:
            liveness.report("The camera gives no more pictures")
            self.end()
            return
        self._looking = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)

    def _ask(self) -> None:
        if hasattr(self._video, "requestVideoFrameCallback"):
            asked = self._video.requestVideoFrameCallback(self._on_frame)
            self._cancel = lambda: self._video.cancelVideoFrameCallback(asked)
        else:
            asked = window.requestAnimationFrame(self._on_frame)
            self._cancel = lambda: window.cancelAnimationFrame(asked)

    def read(self, longer_side: int) -> pictures.Rgb:
        """Return the current frame, reduced by the browser to at most this longer side."""
        height, width = self.size
        scale = min(1.0, longer_side / max(height, width))
        shape = max(1, round(height * scale)), max(1, round(width * scale))
        rgb = pictures.read(self._video, shape)
        liveness.beat(LOOP, float(rgb[::SPARSE, ::SPARSE].mean()))
        return rgb

    def end(self) -> None:
        """Mark the footage as ended."""
        self.over = True
        self._wake.set()
        if self._looking:
            self._looking.cancel()

    def close(self) -> None:
        """Stop the footage, and release the camera."""
        self.end()
        if not self._closed:
            self._closed = True
            self._cancel()
            self._on_frame.destroy()
            liveness.end(LOOP)
            self._release()


Opening: TypeAlias = Coroutine[Any, Any, Footage]
"""Footage being opened; see `open_camera` and `open_video`."""

_openings = 0
"""Number of openings so far; only the latest one may use the ``<video>``."""


def _next_opening() -> int:
    global _openings  # noqa: PLW0603 - the page shows one camera or video at a time
    _openings += 1
    return _openings


async def open_camera(video: Element, wanted: Wanted) -> Footage:
    """Open the camera.

    Raises:
        CameraError: If there is none, access is denied, or it does not start.
    """
    devices = getattr(navigator, "mediaDevices", None)
    if not devices:
        raise CameraError("There is no camera here: browsers offer one only with HTTPS.")
    opening = _next_opening()
    sought = {**_which(wanted), "width": {"ideal": WIDTH}, "height": {"ideal": HEIGHT}}
    options = to_js({"video": sought}, dict_converter=Object.fromEntries)
    try:
        stream = await devices.getUserMedia(options)
    except JsException as error:
        reason = _REASONS.get(error.name, "The camera does not start. Check it")
        raise CameraError(f"{reason} and try again.") from None
    if opening != _openings:  # during the permission prompt
        _stop(stream)
        raise CameraError("Another camera or video was opened.")
    tracks = list(stream.getVideoTracks())
    if not tracks:
        _stop(stream)
        raise CameraError("The camera gives no picture. Choose another one and try again.")
    track = tracks[0]

    def release() -> None:
        track.removeEventListener("ended", ended)
        ended.destroy()
        _stop(stream)
        if video.srcObject == stream:  # else something newer is shown already
            video.srcObject = None

    settings = track.getSettings()
    facing = getattr(settings, "facingMode", "")
    footage = Footage(
        video,
        release,
        # A computer's camera reports no direction: it faces the user.
        mirrored=facing != "environment",
        device=getattr(settings, "deviceId", ""),
        facing=facing,
    )

    def end(_event: object) -> None:
        liveness.report("The camera stopped")
        footage.end()

    ended = create_proxy(end)
    track.addEventListener("ended", ended)
    video.srcObject = stream
    liveness.begin(LOOP)
    await _play(video, footage)
    return footage


def _stop(stream: Any) -> None:  # noqa: ANN401 - a JavaScript MediaStream
    """Stop all tracks of a stream, which releases the camera."""
    for each in stream.getTracks():
        each.stop()


def _which(wanted: Wanted) -> dict[str, object]:
    if wanted.device:
        return {"deviceId": {"exact": wanted.device}}
    if _preferred:
        return {"deviceId": {"ideal": _preferred}}
    return {"facingMode": wanted.facing}


def prefer(device: str) -> None:
    """Set the default camera by title; an empty one means any."""
    global _preferred  # noqa: PLW0603 - a booth has one camera
    _preferred = device


async def is_allowed() -> bool:
    """Return whether the camera starts without a permission prompt."""
    try:
        asked = await navigator.permissions.query(
            to_js({"name": "camera"}, dict_converter=Object.fromEntries)
        )
    except (AttributeError, JsException):  # the browser has no such permission query
        return False
    return str(asked.state) == "granted"


@dataclass(frozen=True)
class Device:
    """A camera of this device: the browser's identifier, and its title."""

    name: str
    title: str


async def devices() -> list[Device]:
    """Return this device's cameras; titles are empty until access is granted."""
    if not getattr(navigator, "mediaDevices", None):
        return []
    found = [
        each
        for each in await navigator.mediaDevices.enumerateDevices()
        if each.kind == "videoinput" and each.deviceId
    ]
    return [Device(str(each.deviceId), str(each.label) or "A camera") for each in found]


async def another(footage: Footage) -> Wanted | None:
    """Return the camera to switch to; `None` if there is no other.

    On phones, which may have several cameras per direction, the direction is switched.
    """
    devices = await navigator.mediaDevices.enumerateDevices()
    names = [str(device.deviceId) for device in devices if device.kind == "videoinput"]
    if len(names) < 2:
        return None
    if footage.facing:
        return Wanted("environment" if footage.facing == "user" else "user")
    position = names.index(footage.device) if footage.device in names else -1
    return Wanted(device=names[(position + 1) % len(names)])


async def open_video(video: Element, file: Any) -> Footage:  # noqa: ANN401 - a JavaScript File
    """Play a video file in a loop.

    Raises:
        CameraError: If the browser cannot play it.
    """
    _next_opening()
    address = URL.createObjectURL(file)

    def release() -> None:
        if video.src == address:  # else something newer is shown already
            video.pause()
            video.removeAttribute("src")
            video.load()
        URL.revokeObjectURL(address)

    footage = Footage(video, release)
    video.loop = True
    video.src = address
    liveness.begin(LOOP)
    await _play(video, footage)
    return footage


async def _play(video: Element, footage: Footage) -> None:
    try:
        await video.play()
    except JsException:
        footage.close()
        raise CameraError("This browser cannot play that video. Try another one.") from None
