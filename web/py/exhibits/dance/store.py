"""Dances stored on this device."""

from dataclasses import dataclass
from typing import Any

from host import clock
from host.files import File
from host.object_store import KeepError, ObjectStore

__all__ = ["Dance", "KeepError", "forget", "keep", "kept"]

_STORE = ObjectStore("dances")


@dataclass(frozen=True)
class Dance:
    """A stored dance.

    Attributes:
        key: Key in the object store.
        video: Video file.
        poses: JSON; see `exhibits.dance.recording`.
        title: Title shown to the visitor.
    """

    key: int
    video: File
    poses: str
    title: str


async def keep(video: File, poses: str, style: str) -> None:
    """Store a dance.

    Raises:
        KeepError: If the device has no room, or the browser keeps nothing.
    """
    await _STORE.add({"video": video, "poses": poses, "style": style, "at": clock.now()})


async def kept() -> list[Dance]:
    """Return all stored dances, the latest first.

    Raises:
        KeepError: If the browser keeps nothing.
    """
    return [_dance(key, value) for key, value in await _STORE.all()]


async def forget(key: int) -> None:
    """Delete a dance.

    Raises:
        KeepError: If the browser keeps nothing.
    """
    await _STORE.remove(key)


def _dance(key: int, value: Any) -> Dance:  # noqa: ANN401 - a JavaScript object
    return Dance(
        key, value.video, str(value.poses), f"{value.style}, {clock.local(float(value.at))}"
    )
