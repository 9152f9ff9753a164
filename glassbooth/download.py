"""Downloads a file over HTTPS, with progress in bytes."""

from __future__ import annotations

import urllib.request
from pathlib import Path

from glassbooth.console import Meter

CHUNK = 1 << 17
TIMEOUT_SECONDS = 6
"""Socket timeout: an unreachable host may never answer."""


def download(url: str, target: Path, label: str) -> None:
    """Download `url` to `target`.

    Raises:
        OSError: The host is unreachable, times out, or answers with an error.
    """
    meter = Meter(label)
    try:
        with (
            urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer,
            target.open("wb") as file,
        ):
            total = int(answer.headers.get("Content-Length") or 0)
            while chunk := answer.read(CHUNK):
                file.write(chunk)
                meter.show_bytes(file.tell(), total)
    finally:
        meter.clear()
