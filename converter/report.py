"""Reports on a conversion or a check: parity, outputs, weights, latency and size, with plots.

A report is one self-contained HTML file, for light and dark screens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from card import Card, Metric
from converter import plots
from converter.bundle import Files
from converter.errors import BundleError
from converter.graph import Graph
from converter.losses import Loss, losses
from converter.measure import Form
from converter.parity import Report
from converter.pipeline import Conversion
from converter.plots import Bar, Mark
from converter.stages import FLOAT32, Pair, Result

_STYLE = Path(__file__).with_suffix(".css")

_OUTPUTS = 6
"""Maximum number of outputs that are plotted; the figures above them cover all."""
_WEIGHTS = 20
"""Maximum number of weights that are listed, largest error first."""


@dataclass(frozen=True)
class Evidence:
    """Content of a report.

    Attributes:
        card: The bundle's card.
        pairs: The comparisons.
        results: Error and verdict of each comparison.
        shipped: The shipped network.
        float32: The network in float32, if it is known.
        exact: The shipped network before quantization, if it is known.
        note: A sentence for the head of the page, such as which node diverges.
        source: Bytes and number of nodes of the source; zero if they are not known.
    """

    card: Card
    pairs: tuple[Pair, ...]
    results: tuple[Result, ...]
    shipped: Form
    float32: Form | None
    exact: Graph | None
    note: str = ""
    source: tuple[int, int] = (0, 0)


def of_conversion(made: Conversion) -> str:
    """Return the report on a conversion, as HTML."""
    source = made.source.bytes, len(made.source.graph.nodes)
    return page(
        Evidence(
            made.card,
            made.pairs,
            made.results,
            made.shipped,
            made.float32,
            made.shipped.graph,
            source=source,
        )
    )


def of_check(report: Report) -> str:
    """Return the report on a check, as HTML."""
    return page(_evidence(report))


def _evidence(report: Report) -> Evidence:
    return Evidence(
        report.card,
        report.pairs,
        report.results,
        report.shipped,
        report.float32,
        report.float32.graph if report.float32 else None,
        report.diverges,
    )


def save(path: Path, text: str) -> None:
    """Write a report.

    Raises:
        BundleError: If it cannot be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BundleError(f"{path}: cannot be written: {error.strerror}") from error


def of_checks(reports: Sequence[Report], title: str) -> str:
    """Return one report on checks of several bundles, as HTML."""
    return _document(title, "".join(_body(_evidence(each)) for each in reports))


def page(evidence: Evidence) -> str:
    """Return a report as HTML."""
    return _document(evidence.card.title, _body(evidence))


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}: parity</title>\n"
        f"<style>\n{_STYLE.read_text('utf-8')}</style>\n{body}</html>\n"
    )


def _body(evidence: Evidence) -> str:
    sections = (
        _head(evidence),
        _tiles(evidence),
        _parity(evidence.results),
        _outputs(evidence),
        _weights(evidence),
        _latency(evidence.results),
        _sizes(evidence),
        _metrics(evidence.card.metrics),
    )
    return "".join(sections)


def _head(evidence: Evidence) -> str:
    card, good = evidence.card, all(each.passed for each in evidence.results)
    verdict = "All stages passed" if good else "Not all stages passed"
    return (
        f"<h1>{escape(card.title)}</h1>\n"
        f"<p>{escape(card.name)} {card.version} · from {escape(card.parity.source)}<br>\n"
        f'<span class="verdict{"" if good else " failed"}">{verdict}</span>'
        f"{'. ' + escape(_sentence(evidence.note)) if evidence.note else ''}</p>\n"
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _tiles(evidence: Evidence) -> str:
    graph, later = evidence.shipped.graph, evidence.results[-1].later
    before = evidence.source[1]
    parameters = sum(array.size for array in graph.weights.values())
    facts = {
        "nodes" + (f", {before:,} as read" if before else ""): f"{len(graph.nodes):,}",
        "parameters": f"{parameters:,}",
        "bytes as shipped": f"{_size(evidence.shipped.files, evidence.card):,}",
        f"an answer, {evidence.results[-1].backend} in Node": f"{later:.1f} ms",
    }
    tiles = (f"<div><b>{value}</b><span>{name}</span></div>" for name, value in facts.items())
    return f'<div class="tiles">{"".join(tiles)}</div>\n'


def _size(files: Files, card: Card) -> int:
    """Return the size of a network in bytes, without its golden vectors."""
    return sum(len(data) for path, data in files.items() if path != card.golden.path)


def _parity(results: Sequence[Result]) -> str:
    rows = [Mark(f"{r.stage}, {r.backend}", r.error, r.allowed, r.passed) for r in results]
    heads = ("stage", "backend", "error", "allowed", "")
    cells = (
        (
            each.stage,
            each.backend,
            f"{each.error:.2e}",
            f"{each.allowed:.2e}",
            _verdict(each),
        )
        for each in results
    )
    return _section(
        "Parity",
        "The largest difference of any output, on all inputs. The tick is what is allowed.",
        plots.marks(rows) + _table(heads, cells, numbers=(2, 3)),
    )


def _verdict(result: Result) -> str:
    kind = "passed" if result.passed else "failed"
    return f'<span class="{kind}">{kind}</span>'


def _outputs(evidence: Evidence) -> str:
    """Return plots of each output, on the backend that ran all cases."""
    backend = evidence.pairs[-1].backend
    drawn = [pair for pair in evidence.pairs if pair.backend == backend]
    parts = []
    for number, tensor in enumerate(evidence.card.outputs[:_OUTPUTS]):
        parts.append(f"<h3>{escape(tensor.name)} {list(tensor.shape)}</h3>")
        parts += [f'<div class="pair">{_figures(pair, number)}</div>' for pair in drawn]
    return _section(
        "Outputs",
        f"Answers of both sides of each stage against each other ({backend}), and how many of "
        "their differences are of which size.",
        "".join(parts),
    )


def _figures(pair: Pair, number: int) -> str:
    expected, got = (
        np.concatenate([np.asarray(case[number], np.float64).reshape(-1) for case in cases])
        for cases in (pair.expected, pair.got.outputs)
    )
    with np.errstate(invalid="ignore"):
        errors: NDArray[np.float64] = np.abs(expected - got)
    colour = "a" if pair.stage == FLOAT32 else "b"
    same = int((errors == 0).sum())
    left, _, right = pair.stage.partition(" to ")
    return (
        f"<figure>{plots.scatter(expected, got, colour)}<figcaption>"
        f'<span class="key {colour}"></span> {right} over {left}</figcaption></figure>'
        f"<figure>{plots.histogram(errors, colour)}<figcaption>"
        f"differences; {same:,} of {errors.size:,} are 0</figcaption></figure>"
    )


def _weights(evidence: Evidence) -> str:
    if evidence.exact is None:
        return ""
    found = losses(evidence.exact, evidence.shipped.files)
    rows = [Bar(each.name, each.error, f"{each.error:.2%}", "b") for each in found[:_WEIGHTS]]
    if not found or not found[0].error:
        return _section("Weights", "All weights are stored as they are.", "")
    heads = ("weight", "taken by", "shape", "stored as", "bytes", "error", "largest")
    return _section(
        "Weights",
        "What storing weights in fewer bits changes: root mean square, as a share of the weight's "
        f"own. The worst {len(rows)} of {len(found)}.",
        plots.bars(rows) + _table(heads, map(_loss_row, found[:_WEIGHTS]), numbers=(4, 5, 6)),
    )


def _loss_row(loss: Loss) -> tuple[str, ...]:
    shape = " × ".join(map(str, loss.shape))
    figures = f"{loss.bytes:,}", f"{loss.error:.3%}", f"{loss.largest:.2e}"
    return (escape(loss.name), escape(loss.op), shape, loss.dtype, *figures)


def _latency(results: Sequence[Result]) -> str:
    last = {each.backend: each for each in results}  # the shipped network's comes last
    rows = [
        Bar(f"{backend}, {kind}", value, f"{value:.1f} ms", "a")
        for backend, each in last.items()
        for kind, value in (("first", each.first), ("later", each.later))
    ]
    return _section(
        "Latency",
        "An answer in Node on this machine; the first one compiles and allocates.",
        plots.bars(rows),
    )


def _sizes(evidence: Evidence) -> str:
    sizes = {"source": evidence.source[0]}
    if evidence.float32 is not None:
        sizes["float32"] = _size(evidence.float32.files, evidence.card)
    sizes["as shipped"] = _size(evidence.shipped.files, evidence.card)
    colours = {"float32": "a", "as shipped": "b"}
    rows = [
        Bar(name, size, f"{size / 1e6:.2f} MB", colours.get(name, "a"))
        for name, size in sizes.items()
        if size
    ]
    return _section("Size", "Of the network, without golden vectors.", plots.bars(rows))


def _metrics(metrics: Sequence[Metric]) -> str:
    if not metrics:
        return ""
    heads = ("metric", "measured on", "float32", "as shipped")
    rows = (
        (escape(each.name), escape(each.dataset), f"{each.float32:.4g}", f"{each.shipped:.4g}")
        for each in metrics
    )
    return _section("Metrics", "As the card has them.", _table(heads, rows, numbers=(2, 3)))


def _section(title: str, text: str, content: str) -> str:
    return f"<h2>{title}</h2>\n<p>{text}</p>\n{content}\n"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int]) -> str:
    """Return a table; cells are HTML, ``numbers`` are the columns that are right-aligned."""
    kinds = [' class="n"' if i in numbers else "" for i in range(len(heads))]
    top = "".join(f"<th{kind}>{head}</th>" for kind, head in zip(kinds, heads, strict=True))
    lines = (
        "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True))
        for row in rows
    )
    body = "".join(f"<tr>{line}</tr>\n" for line in lines)
    return f'<div class="scroll"><table><tr>{top}</tr>\n{body}</table></div>'
