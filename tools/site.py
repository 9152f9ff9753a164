"""Assembles `dist/`: in a folder of its own first, and swapped in once it is complete."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import bundling, vendor
from tools.archive import write_python
from tools.bundles import BundleEntry, copy_bundles
from tools.environment import Node
from tools.errors import BuildError
from tools.hashing import SHORT, files_below, integrity, sha256_file, sha256_folder, sha256_listing
from tools.kernels import write_modules
from tools.page import fill, script_json, with_pages
from tools.project import Project
from tools.snapshot import Snapshot, write_snapshot
from tools.wheel import Wheel, find_wheel, wanted_wheel, wheel_cache

INDEX, MANIFEST, WORKER = "index.html", "manifest.webmanifest", "sw.js"
SOURCES = "py.zip"
"""The Python sources, compiled; the snapshot carries them too."""
UNVERSIONED = frozenset({INDEX, MANIFEST, WORKER})
"""The only files that change under a name that stays the same."""
TEMPORARY = ".dist-"
ABANDONED_SECONDS = 3600
AT_ONCE_BYTES = 500_000
"""Models up to this size come with the first visit; larger ones when an exhibit asks for them."""


@dataclass(frozen=True)
class Folders:
    """Names of the versioned folders, each with its slash, as the page refers to them."""

    app: str
    engine: str
    pyodide: str
    pyscript: str
    samples: str
    example: str


def build_site(project: Project, node: Node) -> Path:
    """Build the whole site and put it in the place of `dist/`; return that path.

    Raises:
        BuildError: something is missing or wrong; `dist/` is then what it was.
    """
    clean_up(project.root)
    fresh = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=project.root))
    try:
        fresh.chmod(0o755)
        assemble(project, node, fresh)
        if not project.dist.is_dir() or sha256_folder(fresh) != sha256_folder(project.dist):
            swap(fresh, project.dist)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return project.dist


def clean_up(root: Path) -> None:
    """Remove what builds left that were killed; a build that is at work is left alone."""
    for folder in root.glob(f"{TEMPORARY}*"):
        if time.time() - folder.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def assemble(project: Project, node: Node, site: Path) -> None:
    """Write the site into an empty folder."""
    wheel = wanted_wheel(project)
    wheel_file = find_wheel(wheel, wheel_cache(project))
    modules = write_modules(project, project.cache / "build")
    pyodide, pyscript = (
        f"{name}-{vendor.package_version(project, package)}"
        for name, package in (("pyodide", "pyodide"), ("pyscript", "@pyscript/core"))
    )
    folders = Folders(
        app=versioned(site, "app", lambda folder: write_app(project, node, folder)),
        engine=versioned(
            site, "engine", lambda folder: bundling.bundle_engine(project, node, modules, folder)
        ),
        pyodide=versioned(
            site, pyodide, lambda folder: write_pyodide(project, node, wheel, wheel_file, folder)
        ),
        pyscript=versioned(
            site, pyscript, lambda folder: bundling.bundle_pyscript(project, node, folder)
        ),
        samples=versioned(site, "samples", lambda folder: copy_samples(project, folder)),
        example=versioned(site, "example", lambda folder: copy_example(project, folder)),
    )
    made: list[Snapshot] = []
    snapshot = versioned(
        site,
        "snapshot",
        lambda folder: made.append(write_snapshot(project, node, wheel_file, folder)),
    )
    models = copy_bundles(project, site)
    bundling.bundle_service_worker(project, node, site / WORKER)
    finish(project, site, folders, models, made[0].within(snapshot))


def versioned(site: Path, name: str, write: Callable[[Path], None]) -> str:
    """Let `write` fill a folder, name the folder by its content, and return its name with "/"."""
    folder = site / name
    folder.mkdir()
    write(folder)
    final = f"{name}-{sha256_folder(folder)[:SHORT]}"
    folder.rename(site / final)
    return f"{final}/"


def write_app(project: Project, node: Node, folder: Path) -> None:
    """Write what the page itself is made of: script, style, icons and the Python sources."""
    bundling.bundle_app(project, node, folder)
    write_python(project, node, folder / SOURCES)
    shutil.copytree(project.web / "icons", folder / "icons")


def write_pyodide(
    project: Project, node: Node, wheel: Wheel, wheel_file: Path, folder: Path
) -> None:
    """Write Pyodide as a page loads it."""
    bundling.bundle_pyodide(project, node, folder)
    vendor.copy_pyodide(project, wheel, wheel_file, folder)


def copy_samples(project: Project, folder: Path) -> None:
    """Copy the sample photographs, and the list that says what they are and whose."""
    samples = project.web / "samples"
    for path in (*samples.glob("*.jpg"), samples / "samples.json"):
        shutil.copyfile(path, folder / path.name)


def copy_example(project: Project, folder: Path) -> None:
    """Copy the example of a front end as it is: it is there to be read."""
    shutil.copytree(project.web / "example", folder, dirs_exist_ok=True)


def finish(
    project: Project,
    site: Path,
    folders: Folders,
    models: dict[str, BundleEntry],
    snapshot: Snapshot,
) -> None:
    """Write the files that refer to all others: the manifest, the page, the service worker."""
    values = dataclasses.asdict(folders)
    manifest = project.web / MANIFEST
    text = fill(manifest.read_text(encoding="utf-8"), values, manifest)
    (site / MANIFEST).write_text(text, encoding="utf-8")

    template = project.web / INDEX
    page = with_pages(template, project.web / "pages")
    kept = kept_files(site, models)
    sizes = {path.relative_to(site).as_posix(): path.stat().st_size for path in kept}
    about = {
        **values,
        "models": _describe(models),
        "snapshot": dataclasses.asdict(snapshot),
        "kept": sum(sizes.values()),
        "firstVisit": {path: size for path, size in sizes.items() if not is_spare(path)},
    }

    def render(version: str) -> str:
        return fill(page, {**values, "site": script_json({"version": version, **about})}, template)

    (site / INDEX).write_text(render(""), encoding="utf-8")
    listing = {p.relative_to(site).as_posix(): sha256_file(p) for p in files_below(site)}
    version = sha256_listing(listing)[:SHORT]
    (site / INDEX).write_text(render(version), encoding="utf-8")
    fill_worker(site, version, [*kept, site / INDEX])


def _describe(models: dict[str, BundleEntry]) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "card": entry.card,
            "sha256": entry.sha256,
            "bytes": entry.size,
            "title": entry.title,
            "task": entry.task,
        }
        for name, entry in models.items()
    }


def is_spare(path: str) -> bool:
    """Tell whether a file is one that no first answer needs where all goes well.

    Those are for Python without its snapshot, and for threads, which there are on later visits.
    """
    without = path.startswith("pyodide-") and path.endswith(vendor.SPARE)
    without = without or (path.startswith("app-") and path.endswith(SOURCES))
    return without or (path.startswith("engine-") and path.endswith(bundling.THREADED))


def kept_files(site: Path, models: dict[str, BundleEntry]) -> list[Path]:
    """List what the service worker keeps beside the page: all but large models."""
    later = [Path(entry.card).parent for entry in models.values() if entry.size > AT_ONCE_BYTES]
    return [
        path
        for path in files_below(site)
        if path.name not in {INDEX, WORKER} and path.relative_to(site).parent not in later
    ]


def fill_worker(site: Path, version: str, kept: list[Path]) -> None:
    """Tell the service worker which version it is and which files it keeps."""
    worker = site / WORKER
    text = worker.read_text(encoding="utf-8")
    for name, value in (("__PRECACHE__", precache(site, kept)), ("__VERSION__", version)):
        if name not in text:
            raise BuildError(f"web/js/{WORKER} does not use {name}: without it, nothing updates.")
        text = text.replace(name, script_json(value))
    worker.write_text(text, encoding="utf-8")


def precache(site: Path, kept: list[Path]) -> list[dict[str, str | None]]:
    """List what the service worker keeps: address, revision and hash of every file.

    A file whose address carries its version has no revision: it never changes.
    """
    return [
        {
            "url": (url := path.relative_to(site).as_posix()),
            "revision": sha256_file(path)[:SHORT] if url in UNVERSIONED else None,
            "integrity": integrity(path),
        }
        for path in kept
    ]


def swap(fresh: Path, dist: Path) -> None:
    """Put a complete site in the place of the old one; on failure the old one stays."""
    old = fresh.with_name(f"{fresh.name}-old")
    if dist.exists():
        dist.rename(old)
    try:
        fresh.rename(dist)
    except OSError:
        if old.exists():
            old.rename(dist)
        raise
    shutil.rmtree(old, ignore_errors=True)
