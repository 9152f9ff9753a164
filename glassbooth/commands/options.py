"""Options shared by several commands."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_booth(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the booth."""
    parser.add_argument(
        "--booth",
        metavar="DIR",
        type=Path,
        default=Path(),
        help="folder of the booth, with its booth.toml (the current one)",
    )


def port(text: str) -> int:
    """Parse a port number for argparse.

    Raises:
        ValueError: The text is not an integer in 0..65535.
    """
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError(text)
    return number
