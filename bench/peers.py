"""Glassbooth's site and the pages that it is compared with, on one host."""

from __future__ import annotations

import json
import re
import tarfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench import as_onnx
from bench.host import Host, Link
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
"""What a page needs that computes on WebAssembly alone."""
PYSCRIPT, JAVASCRIPT, ONNX = "PyScript", "TF.js", "onnxruntime-web"
PEERS = {
    PYSCRIPT: "peers/pyscript.html",
    JAVASCRIPT: "peers/javascript.html",
    ONNX: "peers/onnxruntime.html",
}
"""Where each peer's page is."""
PAGES = {OURS: "", **PEERS}
"""Where each side's page is."""
SCRIPTS = re.compile(r"<script (type=.module.|type=.py.).*?</script>", re.DOTALL)
TEMPLATES = re.compile(
    r'(<section [^>]*?\bid="/([a-z0-9-]+)"[^>]*>\s*)<template>(.*?)</template>', re.DOTALL
)
"""A generated page: what comes before its template, its name, and what is in the template."""
AS_ONNX = ("digits", "efficientnet-lite0", "nanodet")
CACHE = HERE.cache / "bench"


@dataclass(frozen=True)
class Site:
    """What the built page says of where everything is."""

    about: dict[str, Any]

    def folder(self, name: str) -> Path:
        """Return the folder of a network."""
        return HERE.dist / Path(self.about["models"][name]["card"]).parent

    @property
    def engine(self) -> str:
        """Where the engine is, below the site."""
        return str(self.about["engine"])


def site() -> Site:
    """Read the site as it was built last."""
    text = (HERE.dist / "index.html").read_text(encoding="utf-8")
    found = re.search(r'id="site">(.*?)</script>', text)
    assert found, "dist/index.html says where everything is"
    return Site(json.loads(found[1]))


def host(link: Link | None = None) -> Host:
    """Return a host with all pages, which does not serve yet.

    Raises:
        DataError: If onnxruntime-web cannot be had.
        BuildError: If numpy's wheel cannot be had.
    """
    pages = Path(__file__).with_name("pages")
    wheel = wanted_wheel(HERE)
    built = site()
    networks = {f"/networks/{name}/": built.folder(name) for name in built.about["models"]}
    return Host(
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
    """Return the site's page with nothing behind it, so that a peer shows just what it shows."""
    text = (HERE.dist / "index.html").read_text(encoding="utf-8")
    target = CACHE / "alone.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(without_scripts(text, "identify"), encoding="utf-8")
    return target


def without_scripts(text: str, exhibit: str) -> str:
    """Return the HTML of a site as it is while an exhibit is in view, with nothing behind it.

    Args:
        text: of the site's `index.html`.
        exhibit: its page's elements are taken out of their template.
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


def network(built: Site, name: str) -> Path:
    """Return a network of the site as ONNX."""
    folder = built.folder(name)
    target = CACHE / "onnx" / f"{folder.name}.onnx"
    if not target.is_file():
        as_onnx.save(folder, target)
    return target
