"""Compressed forms beside the files of `dist/`, for hosts that send such files as they are."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tools.console import megabytes, say, task
from tools.environment import Node
from tools.hashing import files_below, sha256_file
from tools.process import run
from tools.project import HERE, Project

ENDINGS = (".br", ".gz")
WORTH_IT = 0.95
"""A form that is not smaller than this share of the file is left out."""
SMALL_BYTES = 1000


def compress(project: Project, node: Node) -> None:
    """Write `.br` and `.gz` beside each file of `dist/` that they make smaller.

    What was compressed once is kept in `.cache/compressed/` under the hash of its content.
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
        if kept.stat().st_size < WORTH_IT * source.stat().st_size:
            shutil.copyfile(kept, target)
            saved += source.stat().st_size - target.stat().st_size if target.suffix == ".br" else 0
    _forget(cache, {kept for _, kept, _ in forms})
    say(f"Wrote .br and .gz beside the files of {project.dist}: as .br, {megabytes(saved)} less")


def _forms(dist: Path, cache: Path) -> Iterator[tuple[Path, Path, Path]]:
    """Return, for each form of each file: the file, where the form is kept, where it belongs."""
    for source in files_below(dist):
        if source.suffix not in ENDINGS and source.stat().st_size > SMALL_BYTES:
            digest = sha256_file(source)
            for ending in ENDINGS:
                yield source, cache / (digest + ending), source.with_name(source.name + ending)


def _make(node: Node, jobs: list[tuple[Path, Path]]) -> None:
    """Fill the cache: a file appears in it under its name once it is whole."""
    halves = [(source, kept.with_name(f"half-{os.getpid()}-{kept.name}")) for source, kept in jobs]
    script = HERE.root / "tools" / "precompress.mjs"
    paths = [[str(source), str(half)] for source, half in halves]
    run("Compressing files", [node.node, script], stdin=json.dumps(paths))
    for (_, kept), (_, half) in zip(jobs, halves, strict=True):
        half.replace(kept)


def _forget(cache: Path, needed: set[Path]) -> None:
    for path in cache.iterdir():
        if path not in needed:
            path.unlink(missing_ok=True)
