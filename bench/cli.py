"""Runs comparisons for ``python build.py bench [NAME ...]``, which installs and builds first."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from bench import page, tables
from bench.comparisons import MODULES, ON_REQUEST, SITES
from bench.environments import BenchError
from bench.result import Result, load
from converter.errors import ConverterError
from glassbooth.console import say
from glassbooth.errors import BuildError
from glassbooth.project import HERE
from models.errors import DataError

ROUNDS = 3
FOLDER = HERE.root / "report" / "bench"
README, DETAILS = HERE.root / "README.md", HERE.root / "docs" / "benchmarks.md"


def main(arguments: Sequence[str]) -> int:
    """Run comparisons, save and print their results; return the exit status."""
    asked = parse(arguments)
    failed = []
    for name in asked.names or MODULES:
        say(f"\n{name}")
        try:
            result = measure(name, asked.rounds, asked.old)
        except (BenchError, BuildError, ConverterError, DataError) as error:
            say(f"{name}: {error}")
            failed.append(name)
            continue
        result.save(FOLDER)
        say(tables.as_text(result))
    results = saved(FOLDER)
    (FOLDER / "index.html").write_text(page.render(results), encoding="utf-8")
    say(f"\nWrote {FOLDER / 'index.html'}")
    if asked.publish:
        published = [result for result in results if result.name != SITES]
        tables.publish(README, tables.as_goals(published))
        tables.publish(DETAILS, "\n\n".join(map(tables.as_markdown, published)))
        say(f"Wrote the tables of {README.name} and {DETAILS.name}")
    if failed:
        say(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the command line."""
    known = [*MODULES, *ON_REQUEST, SITES]
    parser = argparse.ArgumentParser(
        prog="build.py bench", description="Measures Glassbooth beside its peers, by turns."
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"which ones: {', '.join(known)}; all but {', '.join([*ON_REQUEST, SITES])} if none "
        "is named",
    )
    parser.add_argument(
        "--old", type=Path, metavar="DIR", help=f"of {SITES}: another built dist/ to compare with"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"turns of each ({ROUNDS})")
    parser.add_argument(
        "--publish", action="store_true", help="write the tables of README.md and docs/"
    )
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.names if name not in known]
    if unknown:
        parser.error(f"NAME: expected one of {', '.join(known)}, got {', '.join(unknown)}")
    if (SITES in asked.names) != (asked.old is not None):
        parser.error(f"--old: expected together with {SITES}, and nowhere else")
    if asked.rounds < 1:
        parser.error(f"--rounds: expected at least 1, got {asked.rounds}")
    return asked


def measure(name: str, rounds: int, old: Path | None = None) -> Result:
    """Run one comparison; `old` is the folder of the other site for `SITES`."""
    if old and name == SITES:
        compared: Result = import_module("bench.comparisons.sites").measure(rounds, old.resolve())
        return compared
    module = import_module(f"bench.comparisons.{(MODULES | ON_REQUEST)[name]}")
    result: Result = module.measure(rounds)
    return result


def saved(folder: Path) -> list[Result]:
    """Return all saved results, in the order of `MODULES`."""
    names = [*MODULES, *ON_REQUEST, SITES]
    return [load(path) for name in names if (path := folder / f"{name}.json").is_file()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
