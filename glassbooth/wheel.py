"""Finds or downloads the numpy wheel for Pyodide.

Pyodide's npm package names the wheel in its lock file but does not contain it. Whatever the source,
only a file with the SHA-256 of the lock file is used.
"""

from __future__ import annotations

import errno
import http.client
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from glassbooth.console import megabytes, say, task
from glassbooth.download import download
from glassbooth.errors import BuildError
from glassbooth.hashing import sha256_file
from glassbooth.library import Library
from glassbooth.process import pip, run

CDN = "https://cdn.jsdelivr.net/pyodide/v{version}/full/{name}"
CARRIER = "open-webui==0.12.4"
CARRIER_MEMBER = "open_webui/frontend/pyodide/{name}"
CARRIER_BYTES = 106_000_000
"""A package on PyPI that contains the same wheel, for networks without access to the CDN."""


class WheelSourceError(Exception):
    """A source cannot provide the wheel; the text says why, in one line."""


@dataclass(frozen=True)
class Wheel:
    """A wheel as Pyodide's lock file names it; `pyodide` is Pyodide's version."""

    name: str
    sha256: str
    pyodide: str


@dataclass(frozen=True)
class WheelSource:
    """A place to download the wheel from.

    Attributes:
        label: Name in messages.
        fetch: Writes the wheel to a path; raises WheelSourceError or OSError if it cannot.
    """

    label: str
    fetch: Callable[[Wheel, Path], None]


def wanted_wheel(library: Library) -> Wheel:
    """Return the numpy wheel that the installed Pyodide requires."""
    folder = library.node_modules / "pyodide"
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    numpy = lock["packages"]["numpy"]
    return Wheel(numpy["file_name"], numpy["sha256"], package["version"])


def wheel_cache(library: Library) -> Path:
    """Return the cache folder of the wheel, where one may also be put by hand."""
    return library.wheels


def find_wheel(wheel: Wheel, cache: Path, sources: Sequence[WheelSource] | None = None) -> Path:
    """Return the path of the wheel in `cache`, after fetching it if it is missing.

    Args:
        wheel: The wheel to find.
        cache: Folder, created if it is missing.
        sources: Sources to try in order; by default the CDN, then PyPI.

    Raises:
        BuildError: No source has a file with the right hash.
    """
    kept = cache / wheel.name
    if kept.is_file():
        if sha256_file(kept) == wheel.sha256:
            return kept
        say(f"{kept} has been altered: it is fetched again.")
        kept.unlink()
    cache.mkdir(parents=True, exist_ok=True)
    failures = []
    for source in SOURCES if sources is None else sources:
        try:
            return _fetch(wheel, kept, source)
        except WheelSourceError as error:
            failures.append(f"  {source.label}: {error}")
            say(f"The numpy wheel could not be had from {source.label}: {error}")
    raise BuildError(
        f"{wheel.name} could not be had from anywhere:\n" + "\n".join(failures) + "\n"
        f"Check the network and run it again, or put the file into {cache} yourself: any copy"
        f" with SHA-256 {wheel.sha256} will do."
    )


def _fetch(wheel: Wheel, target: Path, source: WheelSource) -> Path:
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        candidate = Path(folder) / wheel.name
        try:
            source.fetch(wheel, candidate)
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise
            raise WheelSourceError(str(error)) from error
        found = sha256_file(candidate)
        if found != wheel.sha256:
            raise WheelSourceError(
                f"refused, these are other bytes (SHA-256 {found}, expected {wheel.sha256})"
            )
        size = megabytes(candidate.stat().st_size)
        say(f"The numpy wheel, {size}, came from {source.label}; its hash is right.")
        return candidate.replace(target)


def from_cdn(wheel: Wheel, target: Path) -> None:
    """Fetch the wheel from Pyodide's official CDN."""
    download(CDN.format(version=wheel.pyodide, name=wheel.name), target, "Fetching numpy")


def from_pypi(wheel: Wheel, target: Path) -> None:
    """Download the package on PyPI that contains the wheel, and extract it."""
    folder = target.parent / "pypi"
    folder.mkdir()

    def state() -> str:
        done = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        return f"{megabytes(done)} of about {megabytes(CARRIER_BYTES)}"

    # The carrier is never installed, so its Python version does not matter.
    options = ["--no-deps", "--no-cache-dir", "--only-binary=:all:", "--python-version=3.11"]
    try:
        with task(f"Fetching {CARRIER} from PyPI, which carries the numpy wheel", state):
            run(
                f"Fetching {CARRIER}",
                [*pip(), "download", *options, "--dest", folder, CARRIER],
                env={"TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)},
            )
        _extract(next(folder.glob("*.whl")), CARRIER_MEMBER.format(name=wheel.name), target)
    except BuildError as error:
        raise WheelSourceError(str(error).splitlines()[-1].strip(" |")) from error
    finally:
        shutil.rmtree(folder)


def _extract(archive: Path, member: str, target: Path) -> None:
    try:
        with (
            zipfile.ZipFile(archive) as opened,
            opened.open(member) as source,
            target.open("wb") as file,
        ):
            shutil.copyfileobj(source, file)
    except (KeyError, zipfile.BadZipFile) as error:
        raise WheelSourceError(f"{archive.name} does not hold {member}: {error}") from error


SOURCES = (WheelSource("Pyodide's CDN", from_cdn), WheelSource("PyPI", from_pypi))
