"""Output of the command line on a conversion, a check or a model: text and JSON."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from card import Tensor
from converter.bundle import Files
from converter.inspection import Inspection
from converter.parity import Report
from converter.pipeline import Conversion
from converter.stages import Result


def conversion(made: Conversion) -> str:
    """Return a summary of a conversion: sizes, and both stages of parity."""
    card, graph, before = made.card, made.shipped.graph, made.source.graph
    parameters = sum(array.size for array in graph.weights.values())
    read = f"{made.source.bytes:,} as source, " if made.source.bytes else ""
    return "\n".join(
        [
            f"{card.name} {card.version}: {sum(file.bytes for file in card.files):,} bytes "
            f"in {len(card.files)} files, golden vectors included",
            f"nodes       {len(before.nodes):,} as read, {len(graph.nodes):,} as written",
            f"parameters  {parameters:,}",
            f"bytes       {read}{_size(made.float32.files):,} in float32, "
            f"{_size(made.shipped.files):,} as shipped",
            f"source      {card.parity.source}",
            "",
            table(made.results),
        ]
    )


def _size(files: Files) -> int:
    return sum(map(len, files.values()))


def check(report: Report) -> str:
    """Return the result of a check as a table."""
    lines = [
        f"{report.card.name} {report.card.version}: {len(report.card.golden.cases)} golden "
        f"vectors, tolerance {report.card.parity.tolerance:g}",
        table(report.results),
    ]
    return "\n".join([*lines, report.diverges] if report.diverges else lines)


def table(results: Sequence[Result]) -> str:
    """Return a table with a line for each stage and backend."""
    lines = [f"{'':18} {'backend':8} {'error':>9} {'allowed':>9} {'first ms':>9} {'later ms':>9}"]
    for each in results:
        verdict = "passed" if each.passed else "FAILED"
        lines.append(
            f"{each.stage:18} {each.backend:8} {each.error:9.2e} {each.allowed:9.2e} "
            f"{each.first:9.1f} {each.later:9.1f}  {verdict}"
        )
    return "\n".join(lines)


def check_json(report: Report) -> str:
    """Return the result of a check as JSON; infinite errors are null."""
    results = [
        {name: _number(value) for name, value in asdict(each).items()} | {"passed": each.passed}
        for each in report.results
    ]
    content = {
        "name": report.card.name,
        "version": report.card.version,
        "cases": len(report.card.golden.cases),
        "tolerance": report.card.parity.tolerance,
        "results": results,
        "diverges": report.diverges,
        "passed": report.passed,
    }
    return json.dumps(content, indent=2)


def _number(value: Any) -> Any:  # noqa: ANN401 - any field of a result
    return None if isinstance(value, float) and not math.isfinite(value) else value


def inspection(found: Inspection) -> str:
    """Return a summary of a model: inputs, outputs, operations and weights."""
    weights = f"{found.parameters:,} values in {found.weights} arrays"
    lines = [
        f"{found.runtime}",
        "inputs:  " + ", ".join(map(_describe, found.inputs)),
        "outputs: " + ", ".join(map(_describe, found.outputs)),
        f"nodes:   {sum(found.ops.values())}, {found.nodes} before optimisation",
        f"weights: {weights}, {found.bytes:,} bytes in float32",
    ]
    for op, count in found.ops.items():
        mark = "  (TF.js does not know this)" if op in found.unknown else ""
        lines.append(f"  {count:4} {op}{mark}")
    return "\n".join(lines)


def _describe(tensor: Tensor) -> str:
    return f"{tensor.name} {tensor.dtype} {list(tensor.shape)}"
