"""A cache of folders keyed by a hash of their inputs; least recently used ones are evicted."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

MAX_FOLDERS = 8
"""Cached folders of one kind: enough to switch between a few states of the sources."""


def cached_folder(cache: Path, key: str, write: Callable[[Path], None]) -> Path:
    """Return the cached folder for a key; `write` fills it if it does not exist.

    Args:
        cache: Folder of the cache, for one kind of content.
        key: Name of the folder in it: a hash of all that the content depends on.
        write: Fills an empty folder.
    """
    target = cache / key
    if not target.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=cache))
        try:
            write(fresh)
            move_in(fresh, target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    target.touch()
    return target


def move_in(fresh: Path, target: Path) -> None:
    """Move a complete folder into the cache, and evict the least recently used ones."""
    try:
        fresh.rename(target)
    except OSError:
        if not target.is_dir():
            raise
        shutil.rmtree(fresh)  # another build has written the same folder meanwhile
    others = sorted(target.parent.iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    for old in others[MAX_FOLDERS:]:
        shutil.rmtree(old, ignore_errors=True)


def key_of(*parts: str) -> str:
    """Return the SHA-256 of the hashes and names that a cached folder depends on."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
