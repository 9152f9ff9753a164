"""Serves Glassbooth's site and the pages of its peers on one host."""

from __future__ import annotations

import json
import re
import tarfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench import as_onnx
from bench.host import BenchHost, Link
from bench.result import OURS
from glassbooth.project import HERE
from glassbooth.wheel import find_wheel, wanted_wheel, wheel_cache
from models import npm

ONNXRUNTIME = npm.Package(
    "onnxruntime-web@1.30.0",
    "ab4cbe26baedba45d2cec05610c71c55fa97db92d19a8b171c5f8269126683ca"
    "590a5cdc57bb2f35ce2b298de32f4d956fb42644c0ecd528a0a91e025c07ca61",
)
ONNXRUNTIME_FILES = (
    "ort.wasm.bundle.min.mjs",
    "ort-wasm-simd-threaded.mjs",
    "ort-wasm-simd-threaded.wasm",
)
"""Files that a page needs for WebAssembly."""
PYSCRIPT, JAVASCRIPT, ONNX = "PyScript", "TF.js", "onnxruntime-web"
PEERS = {
    PYSCRIPT: "peers/pyscript.html",
    JAVASCRIPT: "peers/javascript.html",
    ONNX: "peers/onnxruntime.html",
}
"""Path of each peer's page."""
PAGES = {OURS: "", **PEERS}
"""Path of each side's page."""
SCRIPTS = re.compile(r"<script (type=.module.|type=.py.).*?</script>", re.DOTALL)
TEMPLATES = re.compile(
    r'(<section [^>]*?\bid="/([a-z0-9-]+)"[^>]*>\s*)<template>(.*?)</template>', re.DOTALL
)
"""A generated page: text before its template, its name, and the template's content."""
AS_ONNX = ("digits", "efficientnet-lite0", "nanodet")
CACHE = HERE.cache / "bench"


@dataclass(frozen=True)
class BuiltSite:
    """The built site and the data embedded in its page."""

    about: dict[str, Any]

    def folder(self, name: str) -> Path:
        """Return the folder of a network."""
        return HERE.dist / Path(self.about["models"][name]["card"]).parent

    @property
    def engine(self) -> str:
        """Path of the engine, relative to the site."""
        return str(self.about["engine"])


def site() -> BuiltSite:
    """Read the site in `dist/`."""
    text = (HERE.dist / "index.html").read_text(encoding="utf-8")
    found = re.search(r'id="site">(.*?)</script>', text)
    assert found, "dist/index.html says where everything is"
    return BuiltSite(json.loads(found[1]))


def host(link: Link | None = None) -> BenchHost:
    """Return a host with all pages, not yet started.

    Raises:
        DataError: If onnxruntime-web cannot be downloaded.
        BuildError: If the numpy wheel cannot be downloaded.
    """
    pages = Path(__file__).with_name("pages")
    wheel = wanted_wheel(HERE)
    built = site()
    networks = {f"/networks/{name}/": built.folder(name) for name in built.about["models"]}
    return BenchHost(
        {
            "/": HERE.dist,
            "/peers/": pages,
            "/peers/py/": HERE.web / "py",
            "/npm/": HERE.node_modules,
            f"/npm/pyodide/{wheel.name}": find_wheel(wheel, wheel_cache(HERE)),
            "/ort/": onnxruntime(),
            "/alone.html": _alone(),
            **networks,
            **{f"/networks/{name}.onnx": network(built, name) for name in AS_ONNX},
        },
        link,
    )


def _alone() -> Path:
    """Return the site's page without scripts, so that a peer shows the same elements."""
    text = (HERE.dist / "index.html").read_text(encoding="utf-8")
    target = CACHE / "alone.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(without_scripts(text, "identify"), encoding="utf-8")
    return target


def without_scripts(text: str, exhibit: str) -> str:
    """Return a site's HTML with one exhibit's elements and no scripts.

    Args:
        text: The site's `index.html`.
        exhibit: Exhibit whose elements are taken out of their template.
    """
    bare = SCRIPTS.sub("", text)

    def fill(found: re.Match[str]) -> str:
        return found[1] + (found[3] if found[2] == exhibit else "")

    return TEMPLATES.sub(fill, bare)


@cache
def onnxruntime() -> Path:
    """Return a folder with onnxruntime-web's files."""
    folder = CACHE / ONNXRUNTIME.spec
    if not all((folder / name).is_file() for name in ONNXRUNTIME_FILES):
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(npm.fetch(ONNXRUNTIME, HERE.cache)) as archive:
            for name in ONNXRUNTIME_FILES:
                (folder / name).write_bytes(npm.member(archive, f"package/dist/{name}"))
    return folder


def network(built: BuiltSite, name: str) -> Path:
    """Return a network of the site as ONNX."""
    folder = built.folder(name)
    target = CACHE / "onnx" / f"{folder.name}.onnx"
    if not target.is_file():
        as_onnx.save(folder, target)
    return target
