"""Builds a site in a temporary folder, and swaps it in once it is complete."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from glassbooth import assets, vendor
from glassbooth.archive import write_python
from glassbooth.booth import Booth, read_booth
from glassbooth.bundles import copy_bundles
from glassbooth.exhibits import Exhibit
from glassbooth.hashing import SHORT, sha256_folder
from glassbooth.library import Library
from glassbooth.node import Node
from glassbooth.plan import Plan, plan
from glassbooth.publish import PYTHON_ARCHIVE, WORKER, CopiedAssets, Folders, finish
from glassbooth.samples import write_samples
from glassbooth.snapshot import Snapshot, SnapshotWriter, write_empty_snapshot, write_snapshot
from glassbooth.wheel import find_wheel, wanted_wheel, wheel_cache

TEMPORARY = ".dist-"
OLD = "-old"
ABANDONED_SECONDS = 3600


def build_site(
    library: Library,
    node: Node,
    booth: Booth | None = None,
    out: Path | None = None,
    *,
    snapshot: bool = True,
) -> Path:
    """Build a booth's site, replacing the previous one; return its path.

    Args:
        library: Holds the page, the engine and the tools.
        node: Runs esbuild and Pyodide.
        booth: By default the one in the library's root.
        out: Folder of the site; by default the library's `dist/`.
        snapshot: Whether Python starts from a snapshot on the page. Without one, a build takes
            seconds, and a page takes longer to start.

    Raises:
        BuildError: Something is missing or invalid; the previous site is left unchanged.
    """
    planned = plan(library, booth or read_booth(library.root))
    dist = out or library.root / "dist"
    clean_up(dist.parent)
    fresh = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=dist.parent))
    try:
        fresh.chmod(0o755)
        assemble(planned, node, fresh, write_snapshot if snapshot else write_empty_snapshot)
        if not dist.is_dir() or sha256_folder(fresh) != sha256_folder(dist):
            swap(fresh, dist)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return dist


def clean_up(root: Path) -> None:
    """Remove temporary folders of killed builds; those of running builds are recent and stay.

    A site that a killed build moved away stays, too, until there is another one.
    """
    for folder in root.glob(f"{TEMPORARY}*"):
        if folder.name.endswith(OLD) and not (root / "dist").is_dir():
            continue
        with suppress(FileNotFoundError):  # another build may have ended meanwhile
            if time.time() - folder.stat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def assemble(planned: Plan, node: Node, site: Path, take: SnapshotWriter = write_snapshot) -> None:
    """Write the site into an empty folder; `take` writes the snapshot."""
    library, booth = planned.library, planned.booth
    wheel_file = find_wheel(wanted_wheel(library), wheel_cache(library))
    scripts = assets.shared_scripts(library, node)
    pyodide, pyscript = (
        f"{name}-{vendor.package_version(library, package)}"
        for name, package in (("pyodide", "pyodide"), ("pyscript", "@pyscript/core"))
    )
    folders = Folders(
        app=versioned(site, "app", lambda folder: write_app(planned, node, scripts, folder)),
        engine=versioned(site, "engine", lambda folder: copy(assets.engine(planned, node), folder)),
        pyodide=versioned(
            site, pyodide, lambda folder: write_pyodide(library, scripts, wheel_file, folder)
        ),
        pyscript=versioned(site, pyscript, lambda folder: copy(scripts / "pyscript", folder)),
        example=copy_example(booth, site),
    )
    taken: list[Snapshot] = []
    snapshot = versioned(
        site,
        "snapshot",
        lambda folder: taken.append(take(library, node, wheel_file, planned.modules, folder)),
    )
    copied = CopiedAssets(copy_bundles(planned.models, site), copy_samples(planned.exhibits, site))
    shutil.copyfile(scripts / WORKER, site / WORKER)
    finish(planned, site, folders, copied, taken[0].within(snapshot))


def versioned(site: Path, name: str, write: Callable[[Path], None]) -> str:
    """Let `write` fill a folder, append its content hash to its name; return the name with "/"."""
    folder = site / name
    folder.mkdir()
    write(folder)
    final = f"{name}-{sha256_folder(folder)[:SHORT]}"
    if (site / final).exists():
        shutil.rmtree(folder)
    else:
        folder.rename(site / final)
    return f"{final}/"


def write_app(planned: Plan, node: Node, scripts: Path, folder: Path) -> None:
    """Write the files of the page itself: scripts, style, icons and the Python archive."""
    copy(scripts / "app", folder)
    copy(assets.style(planned, node), folder)
    write_python(planned.library, node, planned.modules, folder / PYTHON_ARCHIVE)
    shutil.copytree(planned.library.web / "icons", folder / "icons")


def write_pyodide(library: Library, scripts: Path, wheel_file: Path, folder: Path) -> None:
    """Write the Pyodide files that a page loads."""
    copy(scripts / "pyodide", folder)
    vendor.copy_pyodide(library, wanted_wheel(library), wheel_file, folder)


def copy(source: Path, folder: Path) -> None:
    """Copy the content of a folder into another."""
    shutil.copytree(source, folder, dirs_exist_ok=True)


def copy_samples(exhibits: list[Exhibit], site: Path) -> dict[Path, str]:
    """Copy the samples of all exhibits with their lists; return site folders by source folder."""
    folders = {each.entry.samples for each in exhibits if each.entry.samples}
    return {
        source: versioned(site, "samples", partial(write_samples, source))
        for source in sorted(folders)
    }


def copy_example(booth: Booth, site: Path) -> str:
    """Copy the booth's example unchanged; return its folder on the site, or ""."""
    if not booth.example:
        return ""
    source = booth.example.parent

    def write(folder: Path) -> None:
        copy(source, folder)

    return versioned(site, "example", write)


def swap(fresh: Path, dist: Path) -> None:
    """Replace the old site with a complete new one; on failure the old one stays."""
    old = fresh.with_name(f"{fresh.name}{OLD}")
    if dist.exists():
        dist.rename(old)
    try:
        fresh.rename(dist)
    except BaseException:
        if old.exists():
            old.rename(dist)
        raise
    shutil.rmtree(old, ignore_errors=True)
