"""Copies model bundles into the site, after checking every file against the card."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.errors import BuildError
from tools.hashing import sha256_file
from tools.project import Project

REMAKE = "Restore it (git checkout) or make it again (python build.py models {name})."


@dataclass(frozen=True)
class BundleEntry:
    """A bundle as the page finds it.

    Attributes:
        card: address of the card, relative to the site.
        sha256: hash of the card, which holds those of all other files.
        size: bytes of the card and all files it lists.
        title: what people call it.
        task: which module of `vision` prepares its input and reads its output.
    """

    card: str
    sha256: str
    size: int
    title: str
    task: str


def copy_bundles(project: Project, site: Path) -> dict[str, BundleEntry]:
    """Write each model of `models/` to `models/<name>-<version>/` of the site.

    Raises:
        BuildError: a file is missing or is not what the card says.
    """
    cards = sorted(project.models.glob("*/card.json"))
    return {card.parent.name: _copy(card, site) for card in cards}


def _copy(source: Path, site: Path) -> BundleEntry:
    name = source.parent.name
    card = json.loads(source.read_text(encoding="utf-8"))
    folder = site / "models" / f"{name}-{card['version']}"
    folder.mkdir(parents=True)
    size = source.stat().st_size
    for file in card["files"]:
        if Path(file["path"]).name != file["path"]:
            raise BuildError(f"{source} lists {file['path']}, which is not beside its card.")
        size += _copy_checked(source.parent / file["path"], file["sha256"], folder, name)
    shutil.copyfile(source, folder / source.name)
    address = (folder / source.name).relative_to(site).as_posix()
    return BundleEntry(address, sha256_file(source), size, card["title"], card["task"])


def _copy_checked(source: Path, sha256: str, folder: Path, name: str) -> int:
    if not source.is_file():
        raise BuildError(f"{source} is missing. " + REMAKE.format(name=name))
    found = sha256_file(source)
    if found != sha256:
        raise BuildError(
            f"{source} is not the file that card.json describes (SHA-256 {found}, expected"
            f" {sha256}). " + REMAKE.format(name=name)
        )
    shutil.copyfile(source, folder / source.name)
    return source.stat().st_size
