"""Table of download sizes by component: raw, gzip, brotli."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from glassbooth.console import say, task
from glassbooth.hashing import files_below, sha256_file
from glassbooth.node import Node
from glassbooth.process import run
from glassbooth.project import HERE, Project
from glassbooth.publish import FIRST_VISIT_BYTES, is_deferred

SHELL = "Page, style"
COMPONENTS = (
    ("app-", SHELL),
    ("engine-", "Engine (TF.js)"),
    ("pyodide-", "Python (Pyodide)"),
    ("pyscript-", "PyScript"),
    ("snapshot-", "Python's memory, with numpy"),
    ("samples-", "Sample photographs"),
)
FALLBACK = "Python without its snapshot"
THREADS = "Engine on several threads"
DEFERRED = ("Sample photographs", FALLBACK, THREADS)
MODEL = "Model: "
FIRST_ANSWER = "A first answer downloads"
OFFLINE = "Kept for offline use, afterwards"
LATER = "An exhibit's first use"


@dataclass(frozen=True)
class Size:
    """Sizes of one or more files in bytes, raw and compressed one by one."""

    raw: int = 0
    gzip: int = 0
    brotli: int = 0

    def __add__(self, other: Size) -> Size:
        """Return the sum."""
        return Size(self.raw + other.raw, self.gzip + other.gzip, self.brotli + other.brotli)


def show_sizes(project: Project, node: Node) -> None:
    """Print the table for `dist/`."""
    for line in table(measure(project, node)):
        say(line)


def component(path: str) -> str:
    """Return the label of the table row that a file of the site belongs to."""
    top, _, rest = path.partition("/")
    if top == "models":
        return f"{MODEL}{rest.partition('/')[0].rpartition('-')[0]}"
    if is_deferred(path):
        return THREADS if top.startswith("engine-") else FALLBACK
    return next((label for prefix, label in COMPONENTS if top.startswith(prefix)), SHELL)


def measure(project: Project, node: Node) -> dict[str, Size]:
    """Return the size of each component of `dist/`.

    Compressed sizes are cached in `.cache/sizes.json` under the hash of the file.
    """
    hashes = {path: sha256_file(path) for path in files_below(project.dist)}
    cache_file = project.cache / "sizes.json"
    known = _read_cache(cache_file)
    unknown = [path for path, digest in hashes.items() if digest not in known]
    if unknown:
        with task(f"Compressing {len(unknown)} new files to see what they weigh on the way"):
            known |= {hashes[path]: size for path, size in _compress(node, unknown).items()}
    known = {digest: known[digest] for digest in sorted(set(hashes.values()))}
    _write_cache(cache_file, known)
    sizes: dict[str, Size] = {}
    for path, digest in hashes.items():
        row = component(path.relative_to(project.dist).as_posix())
        sizes[row] = sizes.get(row, Size()) + known[digest]
    return sizes


def table(sizes: Mapping[str, Size]) -> list[str]:
    """Return the table's lines: components of the first answer, their sum, then later downloads."""
    groups: dict[str, dict[str, Size]] = {}
    for label, size in sizes.items():
        groups.setdefault(_group(label, size), {})[label] = size
    width = max(map(len, [*sizes, *groups]))
    first = groups.pop(FIRST_ANSWER, {})
    head = f"{FIRST_ANSWER:{width}}  {'raw':>10}  {'gzip':>10}  {'brotli':>10}"
    total = _row("Total", sum(first.values(), Size()), width)
    lines = [head, *_rows(first, width), "-" * len(head), total]
    for title in (OFFLINE, LATER):
        if title in groups:
            lines += ["", title, *_rows(groups[title], width)]
    return lines


def _group(label: str, size: Size) -> str:
    if label.startswith(MODEL) and size.raw > FIRST_VISIT_BYTES:
        return LATER
    return OFFLINE if label in DEFERRED else FIRST_ANSWER


def _rows(sizes: Mapping[str, Size], width: int) -> list[str]:
    return [_row(label, size, width) for label, size in sorted(sizes.items())]


def _row(label: str, size: Size, width: int) -> str:
    cells = (f"{value / 1000:>7,.0f} kB" for value in (size.raw, size.gzip, size.brotli))
    return f"{label:{width}}  " + "  ".join(cells)


def _compress(node: Node, paths: Sequence[Path]) -> dict[Path, Size]:
    answer = run(
        "Compressing files",
        [node.node, HERE.root / "glassbooth" / "compress.mjs"],
        stdin=json.dumps([str(path) for path in paths]),
    )
    return {
        path: Size(path.stat().st_size, measured["gzip"], measured["brotli"])
        for path, measured in zip(paths, json.loads(answer), strict=True)
    }


def _read_cache(cache_file: Path) -> dict[str, Size]:
    try:
        return {k: Size(*v) for k, v in json.loads(cache_file.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, TypeError):
        return {}  # measured again from the files


def _write_cache(cache_file: Path, known: Mapping[str, Size]) -> None:
    cache_file.parent.mkdir(parents=True, exist_ok=True)
    values = {digest: [size.raw, size.gzip, size.brotli] for digest, size in known.items()}
    cache_file.write_text(json.dumps(values, indent=1), encoding="utf-8")
