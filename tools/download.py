"""Fetches one file over HTTPS, with progress in bytes."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

from tools.console import Meter

CHUNK = 1 << 17
SECONDS_OF_SILENCE = 6
"""How long a host may say nothing: most of those that are not reachable never answer."""


class SourceError(Exception):
    """A source does not have the file; the text says why, in a few words."""


def download(url: str, target: Path, label: str) -> None:
    """Write what `url` answers to `target`.

    Raises:
        SourceError: the host cannot be reached, is silent, or answers with an error.
    """
    meter = Meter(label)
    try:
        with (
            urllib.request.urlopen(url, timeout=SECONDS_OF_SILENCE) as answer,
            target.open("wb") as file,
        ):
            total, done = int(answer.headers.get("Content-Length") or 0), 0
            while chunk := _read(answer, CHUNK):
                file.write(chunk)
                done += len(chunk)
                meter.show_bytes(done, total)
    except urllib.error.URLError as error:
        raise SourceError(f"{url}: {getattr(error, 'reason', error)}") from error
    finally:
        meter.clear()


def _read(answer: object, size: int) -> bytes:
    """Read from the network; its errors must not be taken for those of the disk."""
    try:
        data: bytes = answer.read(size)  # type: ignore[attr-defined]
    except OSError as error:
        raise SourceError(f"the connection broke off: {error}") from error
    return data
