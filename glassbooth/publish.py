"""Writes the entry files of a site, which refer to all others: page, manifest, service worker."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glassbooth import esbuild, vendor
from glassbooth.bundles import BundleEntry
from glassbooth.errors import BuildError
from glassbooth.exhibits import Exhibit
from glassbooth.hashing import SHORT, files_below, integrity, sha256_file, sha256_listing
from glassbooth.page import compose, fill, manifest_words, script_json, words
from glassbooth.plan import Plan
from glassbooth.snapshot import Snapshot

INDEX, MANIFEST, WORKER = "index.html", "manifest.webmanifest", "sw.js"
PYTHON_ARCHIVE = "py.zip"
"""Archive of the compiled Python modules; the snapshot contains them too."""
UNVERSIONED = frozenset({INDEX, MANIFEST, WORKER})
"""The only files without a version in their path: their content may change."""
FIRST_VISIT_BYTES = 500_000
"""Models up to this size are precached on the first visit; larger ones load on demand."""


@dataclass(frozen=True)
class Folders:
    """Names of the versioned folders, each with a trailing slash; `example` may be empty."""

    app: str
    engine: str
    pyodide: str
    pyscript: str
    example: str


@dataclass(frozen=True)
class CopiedAssets:
    """The booth's files on the site: bundles by name, sample folders by source folder."""

    models: dict[str, BundleEntry]
    samples: dict[Path, str]


def finish(
    planned: Plan, site: Path, folders: Folders, copied: CopiedAssets, snapshot: Snapshot
) -> None:
    """Write manifest, page and service worker, once all other files are in place."""
    library, booth = planned.library, planned.booth
    values = dataclasses.asdict(folders)
    manifest = library.web / MANIFEST
    named = {**values, **manifest_words(booth)}
    text = fill(manifest.read_text(encoding="utf-8"), named, manifest)
    (site / MANIFEST).write_text(text, encoding="utf-8")

    template = library.web / INDEX
    page = compose(template, booth, planned.exhibits, planned.layers)
    kept = precached_files(site, copied.models)
    sizes = {path.relative_to(site).as_posix(): path.stat().st_size for path in kept}
    about = {
        **values,
        "title": booth.title,
        "exhibits": [_describe(each, copied) for each in planned.exhibits],
        "kiosk": dict(booth.kiosk),
        "models": {name: _describe_model(entry) for name, entry in copied.models.items()},
        "snapshot": dataclasses.asdict(snapshot),
        "kept": sum(sizes.values()),
        "firstVisit": {path: size for path, size in sizes.items() if not is_deferred(path)},
    }

    def render(version: str) -> str:
        data = script_json({"version": version, **about})
        return fill(page, {**values, **words(booth), "site": data}, template)

    (site / INDEX).write_text(render(""), encoding="utf-8")
    listing = {p.relative_to(site).as_posix(): sha256_file(p) for p in files_below(site)}
    version = sha256_listing(listing)[:SHORT]
    (site / INDEX).write_text(render(version), encoding="utf-8")
    fill_worker(site, version, [*kept, site / INDEX])


def _describe(exhibit: Exhibit, copied: CopiedAssets) -> dict[str, Any]:
    samples = exhibit.entry.samples
    return {
        "name": exhibit.name,
        "page": exhibit.entry.page,
        "title": exhibit.title,
        "text": exhibit.text,
        "label": exhibit.label,
        "models": [model.name for model in exhibit.models],
        "samples": copied.samples[samples] if samples else "",
        "kiosk": exhibit.kiosk,
    }


def _describe_model(entry: BundleEntry) -> dict[str, Any]:
    return {
        "card": entry.card,
        "sha256": entry.sha256,
        "bytes": entry.size,
        "title": entry.title,
        "input": entry.input,
        "output": entry.output,
    }


def is_deferred(path: str) -> bool:
    """Whether a normal first answer does not need a file.

    Such files are for Python without its snapshot, and for threads, which start on later visits.
    """
    without = path.startswith("pyodide-") and path.endswith(vendor.FALLBACK)
    without = without or (path.startswith("app-") and path.endswith(PYTHON_ARCHIVE))
    return without or (path.startswith("engine-") and path.endswith(esbuild.THREADED))


def precached_files(site: Path, models: dict[str, BundleEntry]) -> list[Path]:
    """List the files that the service worker precaches besides the page: all but large models."""
    later = [Path(entry.card).parent for entry in models.values() if entry.size > FIRST_VISIT_BYTES]
    return [
        path
        for path in files_below(site)
        if path.name not in {INDEX, WORKER} and path.relative_to(site).parent not in later
    ]


def fill_worker(site: Path, version: str, kept: list[Path]) -> None:
    """Fill in the service worker's version and precache list."""
    worker = site / WORKER
    text = worker.read_text(encoding="utf-8")
    for name, value in (("__PRECACHE__", precache(site, kept)), ("__VERSION__", version)):
        if name not in text:
            raise BuildError(f"web/js/{WORKER} does not use {name}: without it, nothing updates.")
        text = text.replace(name, script_json(value))
    worker.write_text(text, encoding="utf-8")


def precache(site: Path, kept: list[Path]) -> list[dict[str, str | None]]:
    """Return the precache list: URL, revision and integrity of every file.

    The revision is `None` for files whose URL contains their version.
    """
    return [
        {
            "url": (url := path.relative_to(site).as_posix()),
            "revision": sha256_file(path)[:SHORT] if url in UNVERSIONED else None,
            "integrity": integrity(path),
        }
        for path in kept
    ]
