"""Builds and inspects the sites of booths other than the demo."""

import json
import re
import zipfile
from pathlib import Path
from typing import Any

from glassbooth.booth import read_booth
from glassbooth.environment import find_node
from glassbooth.project import HERE
from glassbooth.site import build_site

SITE = re.compile(r'<script type="application/json" id="site">(.*?)</script>', re.DOTALL)


def build(booth: Path, out: Path) -> Path:
    """Build a booth's site into a folder; return the folder."""
    return build_site(HERE, find_node(HERE), read_booth(booth), out)


def about(site: Path) -> dict[str, Any]:
    """Return the site data embedded in a site's page."""
    found = SITE.search((site / "index.html").read_text(encoding="utf-8"))
    assert found
    parsed: dict[str, Any] = json.loads(found[1])
    return parsed


def modules(site: Path) -> set[str]:
    """Return the names of a site's Python modules."""
    (archive,) = site.glob("app-*/py.zip")
    with zipfile.ZipFile(archive) as opened:
        paths = [name.removesuffix(".pyc") for name in opened.namelist()]
    return {path.replace("/", ".").removesuffix(".__init__") for path in paths}


def first_visit(site: Path) -> int:
    """Return the bytes of a first visit."""
    return sum(about(site)["firstVisit"].values())
