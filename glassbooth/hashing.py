"""SHA-256 of files and of whole folders."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

SHORT = 12
"""Hex characters of a hash in a folder's name: 48 bits are enough to rule out collisions."""


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a file's content as 64 hex characters."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def integrity(path: Path) -> str:
    """Return a file's hash as Subresource Integrity metadata: "sha256-<base64>"."""
    digest = bytes.fromhex(sha256_file(path))
    return "sha256-" + base64.b64encode(digest).decode("ascii")


def files_below(folder: Path) -> list[Path]:
    """List the files below a folder, sorted by their relative path."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def sha256_folder(folder: Path) -> str:
    """Return the SHA-256 of the names and contents of all files below a folder."""
    return sha256_listing(
        {path.relative_to(folder).as_posix(): sha256_file(path) for path in files_below(folder)}
    )


def sha256_listing(listing: Mapping[str, str]) -> str:
    """Return the SHA-256 of a mapping from names to hashes, independent of its order."""
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(listing.items()))
    return hashlib.sha256(text.encode()).hexdigest()
