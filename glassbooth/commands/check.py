"""`glassbooth check`: replays the golden vectors of a booth's bundles through TF.js."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from converter import check, report, summary
from converter.cli import PARITY_FAILED
from glassbooth.booth import read_booth
from glassbooth.commands.converting import converter_errors
from glassbooth.commands.options import add_booth
from glassbooth.console import say
from glassbooth.library import Library
from glassbooth.plan import plan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_booth(parser)
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument(
        "--report", metavar="FILE", type=Path, help="write a page with plots, as HTML"
    )


def run(options: argparse.Namespace) -> int:
    """Check a booth's bundles; return 0 if all pass, otherwise `PARITY_FAILED`."""
    booth = read_booth(options.booth.resolve())
    models = plan(Library(), booth).models.values()
    with converter_errors():
        reports = [check(model.folder) for model in models]
    if options.json:
        say(json.dumps([json.loads(summary.check_json(each)) for each in reports], indent=2))
    else:
        say("\n\n".join(summary.check(each) for each in reports))
    if options.report:
        with converter_errors():
            report.save(options.report, report.of_checks(reports, booth.title))
    return 0 if all(each.passed for each in reports) else PARITY_FAILED
