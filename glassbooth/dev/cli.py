"""The commands of `build.py`."""

from __future__ import annotations

import argparse
import errno
import sys
from collections.abc import Sequence
from pathlib import Path

from glassbooth.commands.options import port
from glassbooth.compressed import compress
from glassbooth.console import say
from glassbooth.dev import venv
from glassbooth.dev.bench import run_bench
from glassbooth.dev.check import run_check
from glassbooth.dev.live_server import run_dev
from glassbooth.dev.packaging import make_wheel
from glassbooth.dev.recipes import make_models
from glassbooth.dev.test import run_everything, run_pytest
from glassbooth.environment import Node, find_node, install_npm_packages
from glassbooth.errors import BuildError
from glassbooth.project import HERE
from glassbooth.serve import make_server, serve
from glassbooth.site import build_site
from glassbooth.sizes import show_sizes

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
INTERRUPTED = 130
"""Exit status as shells report it for SIGINT."""


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
    """Parse the command line; all arguments after `test` or `bench` are passed on to them."""
    parser = argparse.ArgumentParser(
        prog="build.py", description="Without a command: build the site into dist/."
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    serving = commands.add_parser("serve", help="build the site and serve it on this machine")
    serving.add_argument("--port", type=port, default=8000, help="port to serve on (8000)")
    dev = commands.add_parser("dev", help="serve, and build and reload after every change")
    dev.add_argument("--port", type=port, default=8000, help="port to serve on (8000)")
    test = commands.add_parser("test", help="run every check and test")
    test.add_argument(
        "pytest", nargs="*", metavar="PATH", help="run pytest alone, on these, with its options"
    )
    check = commands.add_parser("check", help="lint, format and types of all languages")
    check.add_argument("--fix", action="store_true", help="first mend what the tools can mend")
    models = commands.add_parser("models", help="make model bundles again, from their recipes")
    models.add_argument("names", nargs="*", metavar="NAME", help="which ones (all)")
    wheel = commands.add_parser("wheel", help="pack Glassbooth for makers, as a wheel")
    wheel.add_argument("--out", type=Path, default=Path(), help="folder for it (the current one)")
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


def run(command: argparse.Namespace) -> int:
    """Run one command; return the exit status.

    Raises:
        BuildError: The command failed; the text says why.
    """
    if command.command == "serve":
        with make_server(HERE.dist, command.port) as server:  # fail early on a taken port
            build()
            serve(server)
    elif command.command == "dev":
        run_dev(HERE, command.port)
    elif command.command == "test":
        return run_pytest(HERE, command.pytest) if command.pytest else run_everything(HERE)
    elif command.command == "check":
        return run_check(HERE, command.fix)
    elif command.command == "bench":
        return run_bench(HERE, command.bench)
    elif command.command == "models":
        make_models(HERE, command.names)
    elif command.command == "wheel":
        make_wheel(HERE, command.out)
    elif command.command == "compress":
        compress(HERE, build())
    else:
        build()
    return 0


def build() -> Node:
    """Install missing tools, build `dist/` and print its sizes."""
    node = find_node(HERE)
    install_npm_packages(HERE, node)
    build_site(HERE, node)
    show_sizes(HERE, node)
    say(f"Built {HERE.dist}")
    return node
