"""The command `glassbooth`, for makers; developers of Glassbooth have `build.py`."""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import NoReturn, Protocol, cast

from glassbooth.errors import BuildError
from glassbooth.library import Library

COMMANDS = {
    "build": "make the site of a booth",
    "serve": "make the site of a booth, and serve it on this machine",
    "check": "replay the golden vectors of a booth's bundles through TF.js",
    "inspect": "show what a model's file consists of",
}
"""Modules of `glassbooth.commands` and their help texts."""
USER_ERROR = 2
BROKEN_PIPE, INTERRUPTED = 141, 130
"""Exit statuses as shells report them for SIGPIPE and SIGINT."""


class Command(Protocol):
    """A module of `glassbooth.commands`."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Run the command; return the exit status."""


class Parser(argparse.ArgumentParser):
    """A parser that reports errors in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Print the error and exit with `USER_ERROR`."""
        self.exit(USER_ERROR, f"error: {message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        The exit status: the command's own, or `USER_ERROR` after a sentence on standard error.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the flush at exit
        return BROKEN_PIPE
    except KeyboardInterrupt:
        print()
        return INTERRUPTED
    except (BuildError, OSError) as error:
        print(f"error: {sentence(error)}", file=sys.stderr)
        return USER_ERROR
    return status


def run(arguments: Sequence[str]) -> int:
    """Import one command's module, and run it; no other command's module is imported.

    Raises:
        BuildError: The command failed; the text says why.
    """
    if not Library().web.is_dir():
        raise BuildError(
            "This installation has no data: install the wheel that `python build.py wheel` writes."
        )
    name = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    module = importlib.import_module(f"glassbooth.commands.{name}") if name else None
    command = cast(Command | None, module)
    options = parser(name, command).parse_args(arguments)
    return command.run(options) if command else 0


def parser(name: str, command: Command | None) -> argparse.ArgumentParser:
    """Return the parser, with the arguments of one command."""
    made = Parser(prog="glassbooth", description="Publishes trained models as offline web apps.")
    made.add_argument("--version", action="version", version=f"%(prog)s {installed_version()}")
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    for each, what in COMMANDS.items():
        added = commands.add_parser(each, help=what, description=f"{what[0].upper()}{what[1:]}.")
        if command and each == name:
            command.add_arguments(added)
    return made


def installed_version() -> str:
    """Return the installed version, or "(a checkout)"."""
    try:
        return version("glassbooth")
    except PackageNotFoundError:
        return "(a checkout)"


def sentence(error: BuildError | OSError) -> str:
    """Return the message for an error, one sentence."""
    if isinstance(error, BuildError):
        return str(error)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "the disk is full: free some space and run it again."
    return f"{error.filename}: {error.strerror}." if error.filename else f"{error}."
