"""The table of operators in docs/operators.md, from the registry.

``python -m tests.converter.readers.onnx.operators_page`` writes it anew.
"""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from converter.readers.onnx import operators

TABLE = Path(__file__).parents[4] / "docs" / "operators.md"


def table(listing: Iterable[tuple[operators.Key, str]]) -> str:
    """Return the documentation page; ONNX functions, defined by other operators, are not listed."""
    lines = [
        "# Operators of ONNX that are converted",
        "",
        "Written by `python -m tests.converter.readers.onnx.operators_page`. A version is that of",
        "the operator, which is the operator set that changed it last. Beyond these, operators",
        "that ONNX defines as functions of these are converted through their definition.",
        "",
        "| operator | versions | family |",
        "| --- | --- | --- |",
    ]
    for (op, family), keys in groupby(listing, lambda each: (each[0].op, each[1])):
        versions = ", ".join(str(key.version) for key, _ in keys)
        lines.append(f"| {op} | {versions} | {family.rpartition('.')[2]} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table(operators.listing()), encoding="utf-8")
