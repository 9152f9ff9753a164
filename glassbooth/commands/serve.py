"""`glassbooth serve`: builds the site of a booth and serves it on this machine."""

from __future__ import annotations

import argparse

from glassbooth.commands.build import OUT, build
from glassbooth.commands.options import add_booth, port
from glassbooth.serve import make_server, serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_booth(parser)
    parser.add_argument(
        "--port", type=port, default=8000, help="port to serve on (8000); 0 takes any free one"
    )


def run(options: argparse.Namespace) -> int:
    """Build and serve the site of a booth until Ctrl-C."""
    site = (options.booth / OUT).resolve()
    with make_server(site, options.port) as server:  # fail early on a taken port
        build(options.booth, site)
        serve(server)
    return 0
