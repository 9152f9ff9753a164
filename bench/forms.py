"""Transfer sizes of files: raw, gzip and brotli.

Compressed files are those that ``python build.py compress`` writes, also for the peers' files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from glassbooth.environment import find_node
from glassbooth.process import run
from glassbooth.project import HERE

COMPRESSED = frozenset({".html", ".js", ".mjs", ".css", ".json", ".svg", ".wasm", ".webmanifest"})
"""Suffixes of text and WebAssembly; archives, photographs and weights are sent uncompressed."""
CACHE = HERE.cache / "bench" / "compressed"


@dataclass(frozen=True)
class TransferSize:
    """Transfer size in bytes, raw and compressed."""

    raw: int = 0
    gzip: int = 0
    brotli: int = 0

    def __add__(self, other: TransferSize) -> TransferSize:
        """Return the sum."""
        return TransferSize(
            self.raw + other.raw, self.gzip + other.gzip, self.brotli + other.brotli
        )


def brotli(path: Path) -> Path | None:
    """Return the path of a file's brotli version; `None` if it is sent uncompressed."""
    return _compressed(path).with_suffix(".br") if path.suffix in COMPRESSED else None


def weigh(path: Path) -> TransferSize:
    """Return a file's transfer size."""
    raw = path.stat().st_size
    if path.suffix not in COMPRESSED:
        return TransferSize(raw, raw, raw)
    base = _compressed(path)
    return TransferSize(raw, *(base.with_suffix(end).stat().st_size for end in (".gz", ".br")))


def prepare(paths: Iterable[Path]) -> None:
    """Compress all files that are not in the cache, in one batch.

    Raises:
        BuildError: If Node is missing, or fails.
    """
    wanted = {_base(path): path for path in paths if path.suffix in COMPRESSED}
    jobs = [
        (str(path), str(base.with_suffix(ending)))
        for base, path in wanted.items()
        for ending in (".br", ".gz")
        if not base.with_suffix(ending).is_file()
    ]
    if jobs:
        CACHE.mkdir(parents=True, exist_ok=True)
        script = HERE.root / "glassbooth" / "precompress.mjs"
        run("Compressing files", [find_node(HERE).node, script], stdin=json.dumps(jobs))


def _compressed(path: Path) -> Path:
    base = _base(path)
    if not base.with_suffix(".br").is_file():
        prepare([path])
    return base


def _base(path: Path) -> Path:
    return CACHE / hashlib.sha256(path.read_bytes()).hexdigest()
