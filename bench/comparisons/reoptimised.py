"""Published graph models compared with their optimised versions."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench import machine
from bench.result import OURS, Result, Row, compared
from bench.timing import TURNS, alternate
from converter import bundle, readers, tfjs
from converter.graph import Graph
from converter.passes import optimise
from glassbooth.project import HERE
from models import npm, originals
from models.movenet import recipe as movenet
from models.nanodet import recipe as nanodet
from models.originals import Original

PUBLISHED = "as published"
METHOD = (
    "The graph models as npm carries them, and what the converter makes of them in float32, in "
    "TF.js on WebAssembly in Node, one thread, by turns in one process."
)


def measure(rounds: int) -> Result:
    """Measure both models."""
    rows: list[Row] = []
    for name, package, path in (
        ("NanoDet, 416×416", nanodet.PACKAGE, nanodet.MODEL),
        ("MoveNet, 192×192", movenet.PACKAGE, movenet.MODEL),
    ):
        rows += _compare(name, package, path, rounds)
    title = "Published graph models, re-optimised"
    return Result("reoptimised", title, METHOD, tuple(rows), machine.describe())


def _compare(name: str, package: npm.Package, path: str, rounds: int) -> list[Row]:
    original = originals.fetch(package, path, HERE.cache)
    source = readers.read(original.save(HERE.cache / "bench" / package.file / name))
    graph = optimise(source.graph)
    ours = network(graph)
    times = alternate({OURS: ours, PUBLISHED: published(original, ours.cases)}, rounds * TURNS // 2)
    both = {OURS: graph, PUBLISHED: source.graph}
    nodes = {side: (len(each.nodes),) for side, each in both.items()}
    transposes = {
        side: (sum(node.op == "Transpose" for node in each.nodes),) for side, each in both.items()
    }
    return [
        Row(f"{name}, nodes", "", nodes),
        Row(f"{name}, transposes", "", transposes),
        compared(f"{name}, one inference", "ms", times),
    ]


def network(graph: Graph) -> tfjs.Network:
    """Return a graph as shipped in float32, with one synthetic input."""
    random = np.random.default_rng(0)
    case = [random.integers(0, 256, each.shape).astype(each.dtype) for each in graph.inputs]
    files = bundle.network(graph, "net", "none")
    return tfjs.Network(files, graph.inputs, [each.tensor for each in graph.outputs], [case])


def published(original: Original, cases: Sequence[Sequence[NDArray[Any]]]) -> tfjs.Network:
    """Return the original, unchanged, with the same inputs in its own image layout."""
    given = [
        [
            array if array.shape == each.shape else array.transpose(0, 3, 1, 2)
            for array, each in zip(case, original.inputs, strict=True)
        ]
        for case in cases
    ]
    return tfjs.Network(original.files, original.inputs, original.outputs, given)
