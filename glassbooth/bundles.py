"""Copies model bundles into the site, after checking every file against the card."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from glassbooth.errors import BuildError
from glassbooth.exhibits import Bundle
from glassbooth.hashing import sha256_file

REMAKE = "Restore it, or convert the model {name} again."


@dataclass(frozen=True)
class BundleEntry:
    """A bundle as the page's site data lists it.

    Attributes:
        card: Address of the card, relative to the site.
        sha256: Hash of the card, which holds the hashes of all other files.
        size: Bytes of the card and all files it lists.
        title: Display name.
        input: Its input kind; empty if it has none.
        output: Its output kind; empty if it has none.
    """

    card: str
    sha256: str
    size: int
    title: str
    input: str
    output: str


def copy_bundles(models: Mapping[str, Bundle], site: Path) -> dict[str, BundleEntry]:
    """Write each model to `models/<name>-<version>/` of the site.

    Raises:
        BuildError: A file is missing, or its hash differs from the card's.
    """
    return {name: _copy(model, site) for name, model in models.items()}


def _copy(model: Bundle, site: Path) -> BundleEntry:
    name, card, source = model.name, model.card, model.folder / "card.json"
    folder = site / "models" / f"{name}-{card['version']}"
    folder.mkdir(parents=True)
    size = source.stat().st_size
    for file in card["files"]:
        if Path(file["path"]).name != file["path"]:
            raise BuildError(f"{source} lists {file['path']}, which is not beside its card.")
        size += _copy_checked(source.parent / file["path"], file["sha256"], folder, name)
    shutil.copyfile(source, folder / source.name)
    address = (folder / source.name).relative_to(site).as_posix()
    return BundleEntry(address, sha256_file(source), size, card["title"], model.input, model.output)


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
