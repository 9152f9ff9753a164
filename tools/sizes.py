"""The table of what visitors download, by component: raw, gzip, brotli."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.console import say, task
from tools.environment import Node
from tools.hashing import files_below, sha256_file
from tools.process import run
from tools.project import HERE, Project
from tools.site import AT_ONCE_BYTES, is_spare

SHELL = "Page, style"
COMPONENTS = (
    ("app-", SHELL),
    ("engine-", "Engine (TF.js)"),
    ("pyodide-", "Python (Pyodide)"),
    ("pyscript-", "PyScript"),
    ("snapshot-", "Python's memory, with numpy"),
    ("samples-", "Sample photographs"),
)
SPARE = "Python without its snapshot"
THREADS = "Engine on several threads"
AFTERWARDS = ("Sample photographs", SPARE, THREADS)
MODEL = "Model: "
AT_ONCE = "A first answer downloads"
OFFLINE = "Kept for offline use, afterwards"
LATER = "An exhibit's first use"


@dataclass(frozen=True)
class Size:
    """Bytes of one or more files, as they are and compressed one by one."""

    raw: int = 0
    gzip: int = 0
    brotli: int = 0

    def __add__(self, other: Size) -> Size:
        """Add up."""
        return Size(self.raw + other.raw, self.gzip + other.gzip, self.brotli + other.brotli)


def show_sizes(project: Project, node: Node) -> None:
    """Print the table for `dist/`."""
    for line in table(measure(project, node)):
        say(line)


def component(path: str) -> str:
    """Return which row of the table a file of the site belongs to."""
    top, _, rest = path.partition("/")
    if top == "models":
        return f"{MODEL}{rest.partition('/')[0].rpartition('-')[0]}"
    if is_spare(path):
        return THREADS if top.startswith("engine-") else SPARE
    return next((label for prefix, label in COMPONENTS if top.startswith(prefix)), SHELL)


def measure(project: Project, node: Node) -> dict[str, Size]:
    """Return the size of each component of `dist/`.

    How well a file compresses is kept in `.cache/sizes.json` under the hash of its content.
    """
    hashes = {path: sha256_file(path) for path in files_below(project.dist)}
    memory = project.cache / "sizes.json"
    known = _recall(memory)
    unknown = [path for path, digest in hashes.items() if digest not in known]
    if unknown:
        with task(f"Compressing {len(unknown)} new files to see what they weigh on the way"):
            known |= {hashes[path]: size for path, size in _compress(node, unknown).items()}
    known = {digest: known[digest] for digest in sorted(set(hashes.values()))}
    _remember(memory, known)
    sizes: dict[str, Size] = {}
    for path, digest in hashes.items():
        row = component(path.relative_to(project.dist).as_posix())
        sizes[row] = sizes.get(row, Size()) + known[digest]
    return sizes


def table(sizes: Mapping[str, Size]) -> list[str]:
    """Lay out the table: the first answer with a line for the sum, then what comes later."""
    groups: dict[str, dict[str, Size]] = {}
    for label, size in sizes.items():
        groups.setdefault(_group(label, size), {})[label] = size
    width = max(map(len, [*sizes, *groups]))
    first = groups.pop(AT_ONCE, {})
    head = f"{AT_ONCE:{width}}  {'raw':>10}  {'gzip':>10}  {'brotli':>10}"
    total = _row("Total", sum(first.values(), Size()), width)
    lines = [head, *_rows(first, width), "-" * len(head), total]
    for title in (OFFLINE, LATER):
        if title in groups:
            lines += ["", title, *_rows(groups[title], width)]
    return lines


def _group(label: str, size: Size) -> str:
    if label.startswith(MODEL) and size.raw > AT_ONCE_BYTES:
        return LATER
    return OFFLINE if label in AFTERWARDS else AT_ONCE


def _rows(sizes: Mapping[str, Size], width: int) -> list[str]:
    return [_row(label, size, width) for label, size in sorted(sizes.items())]


def _row(label: str, size: Size, width: int) -> str:
    cells = (f"{value / 1000:>7,.0f} kB" for value in (size.raw, size.gzip, size.brotli))
    return f"{label:{width}}  " + "  ".join(cells)


def _compress(node: Node, paths: Sequence[Path]) -> dict[Path, Size]:
    answer = run(
        "Compressing files",
        [node.node, HERE.root / "tools" / "compress.mjs"],
        stdin=json.dumps([str(path) for path in paths]),
    )
    return {
        path: Size(path.stat().st_size, measured["gzip"], measured["brotli"])
        for path, measured in zip(paths, json.loads(answer), strict=True)
    }


def _recall(memory: Path) -> dict[str, Size]:
    try:
        return {k: Size(*v) for k, v in json.loads(memory.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, TypeError):
        return {}  # made again from the files


def _remember(memory: Path, known: Mapping[str, Size]) -> None:
    memory.parent.mkdir(parents=True, exist_ok=True)
    values = {digest: [size.raw, size.gzip, size.brotli] for digest, size in known.items()}
    memory.write_text(json.dumps(values, indent=1), encoding="utf-8")
