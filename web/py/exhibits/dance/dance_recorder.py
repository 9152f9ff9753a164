"""Records a dance: a video of the stage, and the poses."""

from dataclasses import dataclass

from exhibits.dance import recording
from exhibits.dance.styles import Style
from host import page
from host.files import File
from host.recorder import Recorder, RecordError
from pose import Pose


@dataclass(frozen=True)
class RecordedDance:
    """A recorded dance: the video, and the poses as JSON."""

    video: File
    poses: str


class DanceRecorder:
    """Records one dance at a time."""

    def __init__(self, canvas: page.Element) -> None:
        self._canvas = canvas
        self._recorder: Recorder | None = None
        self._poses: list[tuple[float, Pose]] = []
        self._size = (1, 1)

    def begin(self) -> None:
        """Start recording; show an error if the browser cannot."""
        self._poses = []
        try:
            self._recorder = Recorder(self._canvas)
        except RecordError as error:
            page.fail(str(error))

    def add(self, elapsed: float, pose: Pose, size: tuple[int, int]) -> None:
        """Add a pose, ``elapsed`` s after the start, in a picture of size ``(height, width)``."""
        self._poses.append((elapsed, pose))
        self._size = size

    async def end(self, style: Style, beat: float) -> RecordedDance | None:
        """Stop, and return the recording; `None` if the browser cannot record."""
        if not self._recorder:
            return None
        recorder, self._recorder = self._recorder, None
        poses = recording.to_json(self._poses, self._size, style.name, beat)
        return RecordedDance(await recorder.end(), poses)

    async def cancel(self) -> None:
        """Stop, and discard the recording."""
        if self._recorder:
            recorder, self._recorder = self._recorder, None
            await recorder.end()
