"""The command line: convert, check, inspect."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from card import CardError
from converter import flags, parity, report, summary
from converter.errors import ConverterError, ParityError, SourceError
from converter.inspection import inspect
from converter.pipeline import AUTO_BUDGET, BUDGET, About, convert
from converter.quantize import SCHEMES

USER_ERROR = 2
PARITY_FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        The exit status: 0, `PARITY_FAILED`, or `USER_ERROR` after a message on standard error.
    """
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except ParityError as error:
        print(f"error: {error}", file=sys.stderr)
        return PARITY_FAILED
    except (ConverterError, CardError) as error:
        print(f"error: {error}", file=sys.stderr)
        return USER_ERROR
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m converter", description="Turns a trained model into files for a browser."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_convert(commands.add_parser("convert", help="write the bundle of a model"))
    checks = commands.add_parser("check", help="replay a bundle's golden vectors through TF.js")
    checks.add_argument("directory", metavar="DIR", type=Path, help="the bundle")
    checks.add_argument("--json", action="store_true", help="print JSON instead of a table")
    checks.add_argument(
        "--source", metavar="FILE", type=Path, help="what it was converted from, to compare with"
    )
    _add_inputs(checks)
    checks.set_defaults(run=_check)
    inspects = commands.add_parser("inspect", help="show what a model consists of")
    inspects.add_argument("source", metavar="SOURCE", type=Path, help="the model's file")
    add_shape(inspects)
    inspects.set_defaults(run=_inspect)
    return parser


def _add_convert(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", type=Path, help="the model's file")
    parser.add_argument("--name", required=True, help="lower-case letters, digits and dashes")
    parser.add_argument("--title", default="", help="what people call it; default: its name")
    parser.add_argument("--labels", metavar="FILE", type=Path, help="names of classes, one a line")
    parser.add_argument(
        "--quantize",
        choices=(*SCHEMES, "auto"),
        default="float16",
        help="what weights are stored as; auto is the smallest mix inside the budget; "
        "default: float16",
    )
    parser.add_argument("--out", metavar="DIR", type=Path, help="default: models/NAME")
    parser.add_argument(
        "--budget",
        metavar="SHARE",
        type=float,
        help="what quantization may cost, as a share of the largest output; "
        f"default: {BUDGET}, or {AUTO_BUDGET} for auto",
    )
    _add_inputs(parser)
    flags.add(parser)
    parser.set_defaults(run=_convert)


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--examples",
        metavar="PATH",
        type=Path,
        help="real inputs to compare answers on: .npy, .npz, or a folder of them",
    )
    parser.add_argument(
        "--report", metavar="FILE", type=Path, help="write a page with plots, as HTML"
    )
    add_shape(parser)


def add_shape(parser: argparse.ArgumentParser) -> None:
    """Add the option ``--shape``, which may be repeated."""
    parser.add_argument(
        "--shape",
        metavar="NAME=1,3,224,224",
        type=_shape,
        action="append",
        default=[],
        help="the shape of an input that the model leaves open; repeat it for others",
    )


def _shape(text: str) -> tuple[str, tuple[int, ...]]:
    name, _, sides = text.rpartition("=")
    try:
        return name, tuple(int(side) for side in sides.split(",") if sides)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected NAME=1,3,224,224, got {text!r}") from None


def _convert(options: argparse.Namespace) -> int:
    source, view = flags.chosen(options)
    about = About(
        name=options.name,
        title=options.title or options.name,
        source=f"Converted from {options.source.name}.",
        input=source,
        output=view,
        labels=_labels(options.labels),
    )
    made = convert(
        options.source,
        options.out or Path("models") / options.name,
        about,
        options.quantize,
        options.examples or (),
        dict(options.shape),
        options.budget,
        _progress if sys.stderr.isatty() else lambda _: None,
    )
    print(summary.conversion(made))
    if options.report:
        report.save(options.report, report.of_conversion(made))
    return 0


def _progress(step: str) -> None:
    print(f"{step} ...", file=sys.stderr, flush=True)


def _labels(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    try:
        return tuple(path.read_text("utf-8").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: cannot be read as UTF-8 text: {error}") from error


def _check(options: argparse.Namespace) -> int:
    found = parity.check(
        options.directory, options.source, dict(options.shape), options.examples or ()
    )
    print(summary.check_json(found) if options.json else summary.check(found))
    if options.report:
        report.save(options.report, report.of_check(found))
    return 0 if found.passed else PARITY_FAILED


def _inspect(options: argparse.Namespace) -> int:
    print(f"{options.source}: {summary.inspection(inspect(options.source, dict(options.shape)))}")
    return 0
