"""Files as hosts send them: as they are or, text and WebAssembly, as gzip and as brotli.

The forms are those that ``python build.py compress`` writes, for the peers' files too.
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
"""Text and WebAssembly: archives, photographs and weights are sent as they are."""
CACHE = HERE.cache / "bench" / "compressed"


@dataclass(frozen=True)
class Weight:
    """Bytes on the way, in each form."""

    raw: int = 0
    gzip: int = 0
    brotli: int = 0

    def __add__(self, other: Weight) -> Weight:
        """Add up."""
        return Weight(self.raw + other.raw, self.gzip + other.gzip, self.brotli + other.brotli)


def brotli(path: Path) -> Path | None:
    """Return where a file's brotli form is; `None` if hosts send it as it is."""
    return _compressed(path).with_suffix(".br") if path.suffix in COMPRESSED else None


def weigh(path: Path) -> Weight:
    """Return what a file weighs."""
    raw = path.stat().st_size
    if path.suffix not in COMPRESSED:
        return Weight(raw, raw, raw)
    base = _compressed(path)
    return Weight(raw, *(base.with_suffix(end).stat().st_size for end in (".gz", ".br")))


def prepare(paths: Iterable[Path]) -> None:
    """Compress what is not compressed yet, all at once.

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
