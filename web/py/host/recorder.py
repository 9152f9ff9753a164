"""Records a canvas as a video file."""

import asyncio
from typing import Any

from js import Array, Blob, MediaRecorder, Object, window
from pyodide.ffi import JsException, create_once_callable, create_proxy, to_js

from host.files import File
from host.page import Element

KINDS = (
    "video/mp4;codecs=avc1.42E01F",
    "video/mp4;codecs=avc1",
    "video/webm;codecs=vp8",
    "video/webm",
)
"""MIME types, the preferred first: MP4 with H.264 plays everywhere; WebM is the fallback."""

RATE = 30
"""Greatest frames per second."""

BITS = 4_000_000
"""Bits per second: sharp for a drawn figure and a person at 960 x 540."""


class RecordError(Exception):
    """A failure to record; the message is a sentence for people."""


class Recorder:
    """A running recording."""

    def __init__(self, canvas: Element) -> None:
        """Start recording.

        Args:
            canvas: Canvas to record.

        Raises:
            RecordError: If the browser cannot record.
        """
        supported = getattr(window, "MediaRecorder", None)
        kinds = [kind for kind in KINDS if supported and supported.isTypeSupported(kind)]
        if not kinds:
            raise RecordError("This browser cannot record a video; go on all the same.")
        self._stream = canvas.captureStream(RATE)
        options = {"mimeType": kinds[0], "videoBitsPerSecond": BITS}
        self._parts = Array.new()
        self._take = create_proxy(lambda event: self._parts.push(event.data))
        try:
            self._recorder: Any = MediaRecorder.new(self._stream, _object(options))
            self._recorder.addEventListener("dataavailable", self._take)
            self._recorder.start()
        except JsException:
            self._release()
            raise RecordError("The recording does not start; go on all the same.") from None

    async def end(self) -> File:
        """Stop, and return the video."""
        stopped: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self._recorder.addEventListener("stop", create_once_callable(stopped.set_result))
        if self._recorder.state != "inactive":
            self._recorder.stop()
            await stopped
        self._release()
        kind = str(self._recorder.mimeType).partition(";")[0]
        return Blob.new(self._parts, _object({"type": kind}))

    def _release(self) -> None:
        for track in self._stream.getTracks():
            track.stop()
        self._take.destroy()


def _object(options: dict[str, object]) -> Any:  # noqa: ANN401 - a JavaScript object
    return to_js(options, dict_converter=Object.fromEntries)
