"""What each command of `build.py` does, step by step."""

from __future__ import annotations

import argparse

from tools.console import say
from tools.environment import Node, find_node, install_npm_packages
from tools.project import HERE
from tools.serve import make_server, serve
from tools.site import build_site
from tools.sizes import show_sizes


def run(command: argparse.Namespace) -> None:
    """Run one command, as parsed by `build.py`.

    Raises:
        BuildError: it did not succeed.
    """
    if command.command == "serve":
        with make_server(HERE.dist, command.port) as server:  # a taken port is said at once
            build()
            serve(server)
    else:
        build()


def build() -> Node:
    """Set up what is missing, build `dist/` and show what it weighs."""
    node = find_node(HERE)
    install_npm_packages(HERE, node)
    build_site(HERE, node)
    show_sizes(HERE, node)
    say(f"Built {HERE.dist}")
    return node
