"""`glassbooth build`: builds the site of a booth."""

from __future__ import annotations

import argparse
from pathlib import Path

from glassbooth.booth import read_booth
from glassbooth.commands.options import add_booth
from glassbooth.console import megabytes, say
from glassbooth.errors import BuildError
from glassbooth.hashing import files_below
from glassbooth.library import Library
from glassbooth.node import any_node
from glassbooth.publish import INDEX, WORKER
from glassbooth.site import build_site

OUT = "dist"
"""Default output folder, relative to the booth."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_booth(parser)
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help=f"folder of the site ({OUT} in the booth)"
    )


def run(options: argparse.Namespace) -> int:
    """Build the site of a booth; return the exit status."""
    build(options.booth, options.out or options.booth / OUT)
    return 0


def build(folder: Path, out: Path) -> None:
    """Build the site of the booth in a folder, and print where it is.

    Raises:
        BuildError: The booth is invalid, or `out` holds something other than a site.
    """
    booth = read_booth(folder.resolve())
    site = out.resolve()
    check_target(site)
    site.parent.mkdir(parents=True, exist_ok=True)
    build_site(Library(), any_node(), booth, site)
    size = sum(path.stat().st_size for path in files_below(site))
    say(f"Built {site}, {megabytes(size)}: a folder for any static host.")


def check_target(out: Path) -> None:
    """Refuse an output folder that is neither empty nor a site: its content is replaced.

    Raises:
        BuildError: The path is a file, or a folder with other content.
    """
    site = out.is_dir() and all((out / name).is_file() for name in (INDEX, WORKER))
    empty = out.is_dir() and not any(out.iterdir())
    if out.exists() and not site and not empty:
        raise BuildError(
            f"{out} holds something else than a site: give another folder with --out, or remove it."
        )
