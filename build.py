"""Builds, serves and tests Glassbooth: `python build.py --help`.

Needs Python 3.11 or newer and nothing else. The first run makes `.venv`, where everything else
that is needed gets installed, and goes on inside it.
"""

import sys

OLDEST_PYTHON = (3, 11)

# This has to come before anything that an older Python would trip over, in a file that an older
# Python can read.
if sys.version_info < OLDEST_PYTHON:
    sys.exit(
        "Glassbooth needs Python {}.{} or newer, and this is Python {}.{} ({}). ".format(
            *(OLDEST_PYTHON + sys.version_info[:2] + (sys.executable,))
        )
        + "Install a newer one from https://www.python.org/downloads/ and name it in the command: "
        "python3.12 build.py"
    )

import argparse
import errno
import os
from pathlib import Path

from tools.errors import BuildError
from tools.project import HERE


def main(arguments: list[str]) -> int:
    """Run one command; return the exit status."""
    command = parse(arguments)
    try:
        from tools import venv

        venv.enter(HERE, Path(__file__), arguments)
        dispatch(command)
    except BuildError as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print("\nThe disk is full: free some space and run it again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(flush=True)
        return 130
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="build.py", description="Without a command: build the site into dist/."
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    serve = commands.add_parser("serve", help="build the site and serve it on this machine")
    serve.add_argument("--port", type=int, default=8000, help="port to serve on (8000)")
    test = commands.add_parser("test", help="run every check and test")
    test.add_argument("pytest", nargs=argparse.REMAINDER, help="arguments for pytest, alone")
    models = commands.add_parser("models", help="make model bundles again, from their recipes")
    models.add_argument("names", nargs="*", metavar="NAME", help="which ones (all)")
    return parser.parse_args(arguments)


def dispatch(command: argparse.Namespace) -> None:
    """Hand over to the module that does the work."""
    from tools import cli

    cli.run(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
