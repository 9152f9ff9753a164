"""The commands of `build.py`."""

from __future__ import annotations

import argparse
import errno
import sys
from collections.abc import Sequence

from tools import venv
from tools.bench import run_bench
from tools.compressed import compress
from tools.console import say
from tools.environment import Node, find_node, install_npm_packages
from tools.errors import BuildError
from tools.project import HERE
from tools.recipes import make_models
from tools.serve import make_server, serve
from tools.site import build_site
from tools.sizes import show_sizes
from tools.test import run_everything, run_pytest

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
INTERRUPTED = 130
"""What a shell reports for a program ended by Ctrl-C."""


def main(arguments: Sequence[str]) -> int:
    """Run one command inside `.venv`; return the exit status."""
    command = parse(arguments)
    try:
        venv.enter(HERE, HERE.root / "build.py", arguments)
        return run(command)
    except BuildError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        print("\nThe disk is full: free some space and run it again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
        return INTERRUPTED


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; what follows `test` or `bench` is theirs, options included."""
    parser = argparse.ArgumentParser(
        prog="build.py", description="Without a command: build the site into dist/."
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    serving = commands.add_parser("serve", help="build the site and serve it on this machine")
    serving.add_argument("--port", type=port, default=8000, help="port to serve on (8000)")
    test = commands.add_parser("test", help="run every check and test")
    test.add_argument("pytest", nargs="*", metavar="ARGUMENT", help="run pytest alone, with these")
    models = commands.add_parser("models", help="make model bundles again, from their recipes")
    models.add_argument("names", nargs="*", metavar="NAME", help="which ones (all)")
    commands.add_parser("compress", help="build, and add .br and .gz for hosts that send them")
    commands.add_parser("bench", help="measure beside the peers (bench --help)", add_help=False)
    command, unknown = parser.parse_known_args(arguments)
    if command.command == "test":
        command.pytest = list(arguments[1:])
    elif command.command == "bench":
        command.bench = list(arguments[1:])
    elif unknown:
        parser.error(f"unknown arguments: {' '.join(unknown)}")
    return command


def port(text: str) -> int:
    """Read a port number, for argparse.

    Raises:
        ValueError: it is none.
    """
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError(text)
    return number


def run(command: argparse.Namespace) -> int:
    """Run one command; return the exit status.

    Raises:
        BuildError: it did not succeed; the text says why.
    """
    if command.command == "serve":
        with make_server(HERE.dist, command.port) as server:  # a taken port is said at once
            build()
            serve(server)
    elif command.command == "test":
        return run_pytest(HERE, command.pytest) if command.pytest else run_everything(HERE)
    elif command.command == "bench":
        return run_bench(HERE, command.bench)
    elif command.command == "models":
        make_models(HERE, command.names)
    elif command.command == "compress":
        compress(HERE, build())
    else:
        build()
    return 0


def build() -> Node:
    """Set up what is missing, build `dist/` and show what it weighs."""
    node = find_node(HERE)
    install_npm_packages(HERE, node)
    build_site(HERE, node)
    show_sizes(HERE, node)
    say(f"Built {HERE.dist}")
    return node
