"""Precompressed files beside those of `dist/`, for hosts that serve `.br` and `.gz` files."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from glassbooth.console import megabytes, say, task
from glassbooth.hashing import files_below, sha256_file
from glassbooth.node import Node
from glassbooth.process import run
from glassbooth.project import HERE, Project

ENDINGS = (".br", ".gz")
MAX_RATIO = 0.95
"""Compressed files above this share of the original's size are not written."""
SMALL_BYTES = 1000


def compress(project: Project, node: Node) -> None:
    """Write `.br` and `.gz` beside each file of `dist/` that compression makes smaller.

    Compressed files are cached in `.cache/compressed/` under the hash of the original.
    """
    cache = project.cache / "compressed"
    cache.mkdir(parents=True, exist_ok=True)
    forms = list(_forms(project.dist, cache))
    fresh = [(source, kept) for source, kept, _ in forms if not kept.is_file()]
    if fresh:
        with task(f"Compressing {len(fresh)} files; the large ones take a minute"):
            _make(node, fresh)
    saved = 0
    for source, kept, target in forms:
        if kept.stat().st_size < MAX_RATIO * source.stat().st_size:
            shutil.copyfile(kept, target)
            saved += source.stat().st_size - target.stat().st_size if target.suffix == ".br" else 0
    _prune(cache, {kept for _, kept, _ in forms})
    say(f"Wrote .br and .gz beside the files of {project.dist}: as .br, {megabytes(saved)} less")


def _forms(dist: Path, cache: Path) -> Iterator[tuple[Path, Path, Path]]:
    """Yield source, cached file and target for each compressed form of each file."""
    for source in files_below(dist):
        if source.suffix not in ENDINGS and source.stat().st_size > SMALL_BYTES:
            digest = sha256_file(source)
            for ending in ENDINGS:
                yield source, cache / (digest + ending), source.with_name(source.name + ending)


def _make(node: Node, jobs: list[tuple[Path, Path]]) -> None:
    """Fill the cache; each file gets its final name once it is complete."""
    partials = [
        (source, kept.with_name(f"partial-{os.getpid()}-{kept.name}")) for source, kept in jobs
    ]
    script = HERE.root / "glassbooth" / "precompress.mjs"
    paths = [[str(source), str(partial)] for source, partial in partials]
    run("Compressing files", [node.node, script], stdin=json.dumps(paths))
    for (_, kept), (_, partial) in zip(jobs, partials, strict=True):
        partial.replace(kept)


def _prune(cache: Path, needed: set[Path]) -> None:
    for path in cache.iterdir():
        if path not in needed:
            path.unlink(missing_ok=True)
