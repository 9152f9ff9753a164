"""One network read from five formats, in TF.js on WebAssembly: ``python -m bench.formats``."""

import tempfile
from pathlib import Path

import numpy as np

from bench.timing import alternate
from converter import bundle, golden, readers, tfjs
from converter.graph import Graph
from converter.passes import optimise
from tests.converter import formats

SIDE, WIDTH = 160, 16


def main() -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        paths = formats.write(Path(folder), SIDE, WIDTH)
        sources = {name: readers.read(path) for name, path in paths.items()}
    graphs = {name: optimise(source.graph) for name, source in sources.items()}
    networks = {name: network(graph) for name, graph in graphs.items()}
    timings = alternate(networks)
    first = next(iter(timings.values()))
    print(f"{'format':14} {'nodes':>5} {'bytes':>10} {'error':>8} {'median ms':>9} {'ratio':>6}")
    for name, timing in timings.items():
        size = sum(map(len, networks[name].files.values()))
        print(
            f"{name:14} {len(graphs[name].nodes):5} {size:10,} "
            f"{error(networks[name], sources[name]):8.1e} "
            f"{timing.median:9.2f} {timing.ratio(first):6.2f}"
        )


def network(graph: Graph) -> tfjs.Network:
    """Return a graph as it would be shipped in float32, with made-up inputs."""
    files = bundle.network(graph, "net", "none")
    cases = [
        [sample.stored * np.float32(sample.scale) for sample in example]
        for example in golden.invent(graph.inputs)
    ]
    return tfjs.Network(files, graph.inputs, [each.tensor for each in graph.outputs], cases)


def error(made: tfjs.Network, source: readers.Source) -> float:
    """Return the largest difference of a network on WebAssembly from its source."""
    (answers,) = tfjs.run_all([made], "wasm")
    if isinstance(answers, Exception):
        raise answers
    pairs = zip(made.cases, answers.outputs, strict=True)
    return max(float(np.abs(source.run(case)[0] - got[0]).max()) for case, got in pairs)


if __name__ == "__main__":
    main()
