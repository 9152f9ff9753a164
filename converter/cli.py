"""The command line: convert, check, inspect."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from converter import parity, readers, vocabulary
from converter.errors import ConverterError, ParityError, SourceError
from converter.passes import optimise
from converter.pipeline import About, convert
from converter.quantize import SCHEMES
from vision.card import CardError, Tensor

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
    checks.set_defaults(run=_check)
    inspects = commands.add_parser("inspect", help="show what a model consists of")
    inspects.add_argument("source", metavar="SOURCE", type=Path, help="the model's file")
    _add_shape(inspects)
    inspects.set_defaults(run=_inspect)
    return parser


def _add_convert(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE", type=Path, help="the model's file")
    parser.add_argument("--name", required=True, help="lower-case letters, digits and dashes")
    parser.add_argument("--task", default="", help="the module of vision that goes with it")
    parser.add_argument("--labels", metavar="FILE", type=Path, help="names of classes, one a line")
    parser.add_argument("--quantize", choices=SCHEMES, default="float16", help="default: float16")
    parser.add_argument("--out", metavar="DIR", type=Path, help="default: models/NAME")
    _add_shape(parser)
    parser.set_defaults(run=_convert)


def _add_shape(parser: argparse.ArgumentParser) -> None:
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
    about = About(
        name=options.name,
        title=options.name,
        source=f"Converted from {options.source.name}.",
        task=options.task,
        labels=_labels(options.labels),
    )
    out = options.out or Path("models") / options.name
    card = convert(options.source, out, about, options.quantize, shapes=dict(options.shape))
    size = sum(file.bytes for file in card.files)
    print(f"{out}: version {card.version}, {size:,} bytes in {len(card.files)} files")
    print(f"largest difference from {card.parity.source}: {card.parity.shipped:.1e}")
    return 0


def _labels(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    try:
        return tuple(path.read_text("utf-8").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: cannot be read as UTF-8 text: {error}") from error


def _check(options: argparse.Namespace) -> int:
    report = parity.check(options.directory)
    if options.json:
        print(json.dumps({**asdict(report), "passed": report.passed}, indent=2))
    else:
        print(_table(report))
    return 0 if report.passed else PARITY_FAILED


def _table(report: parity.Report) -> str:
    lines = [
        f"{report.name} {report.version}: {report.cases} golden vectors, "
        f"tolerance {report.tolerance:g}",
        f"{'backend':8} {'largest error':>14} {'first ms':>9} {'later ms':>9}",
    ]
    for each in report.results:
        verdict = "passed" if each.passed else "FAILED"
        lines.append(
            f"{each.backend:8} {each.error:14.2e} {each.first:9.1f} {each.later:9.1f}  {verdict}"
        )
    return "\n".join(lines)


def _inspect(options: argparse.Namespace) -> int:
    source = readers.read(options.source, dict(options.shape))
    graph = optimise(source.graph)
    print(f"{options.source}: {source.runtime}")
    print("inputs:  " + ", ".join(map(_describe, graph.inputs)))
    print("outputs: " + ", ".join(_describe(output.tensor) for output in graph.outputs))
    values = sum(array.size for array in graph.weights.values())
    print(f"nodes:   {len(graph.nodes)}, {len(source.graph.nodes)} before optimisation")
    print(f"weights: {values:,} values in {len(graph.weights)} arrays")
    unknown = {node.op for node in vocabulary.unknown(graph)}
    for op, count in sorted(Counter(node.op for node in graph.nodes).items()):
        print(f"  {count:4} {op}{'  (TF.js does not know this)' if op in unknown else ''}")
    return 0


def _describe(tensor: Tensor) -> str:
    return f"{tensor.name} {tensor.dtype} {list(tensor.shape)}"
