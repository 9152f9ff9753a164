"""`glassbooth inspect`: shows the content of a model file before conversion."""

from __future__ import annotations

import argparse
from pathlib import Path

from converter import inspect, summary
from converter.cli import add_shape
from glassbooth.commands.converting import converter_errors
from glassbooth.console import say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("model", metavar="MODEL", type=Path, help="the model's file")
    add_shape(parser)


def run(options: argparse.Namespace) -> int:
    """Show a model; return the exit status."""
    with converter_errors():
        found = inspect(options.model, dict(options.shape))
    say(f"{options.model}: {summary.inspection(found)}")
    return 0
