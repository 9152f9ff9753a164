"""Fetches one file over HTTPS, with progress in bytes."""

from __future__ import annotations

import urllib.request
from pathlib import Path

from tools.console import Meter

CHUNK = 1 << 17
SECONDS_OF_SILENCE = 6
"""How long a host may say nothing: one that is not reachable never answers."""


def download(url: str, target: Path, label: str) -> None:
    """Write what `url` answers to `target`.

    Raises:
        OSError: the host cannot be reached, is silent, or answers with an error.
    """
    meter = Meter(label)
    try:
        with (
            urllib.request.urlopen(url, timeout=SECONDS_OF_SILENCE) as answer,
            target.open("wb") as file,
        ):
            total = int(answer.headers.get("Content-Length") or 0)
            while chunk := answer.read(CHUNK):
                file.write(chunk)
                meter.show_bytes(file.tell(), total)
    finally:
        meter.clear()
