"""Inference time of one network converted from five formats, in TF.js on WebAssembly."""

import tempfile
from pathlib import Path

import numpy as np

from bench import five_formats, machine
from bench.result import Result, Row, compared
from bench.timing import TURNS, alternate, error
from converter import bundle, golden, readers, tfjs
from converter.graph import Graph
from converter.passes import optimise

SIDE, WIDTH = 160, 16
METHOD = (
    "A network after MobileNetV2, 160×160, saved in five formats with the same weights, read back, "
    "optimised, and run in TF.js on WebAssembly in Node, one thread, by turns in one process. The "
    "difference is the largest one from the format's own runtime."
)


def measure(rounds: int) -> Result:
    """Measure all formats."""
    with tempfile.TemporaryDirectory() as folder:
        paths = five_formats.write(Path(folder), SIDE, WIDTH)
        sources = {name: readers.read(path) for name, path in paths.items()}
    graphs = {name: optimise(source.graph) for name, source in sources.items()}
    networks = {name: network(graph) for name, graph in graphs.items()}
    errors = {
        name: (error(made, [sources[name].run(case)[0] for case in made.cases]),)
        for name, made in networks.items()
    }
    sizes = {name: (sum(map(len, made.files.values())) / 1e3,) for name, made in networks.items()}
    rows = (
        Row("nodes", "", {name: (len(graph.nodes),) for name, graph in graphs.items()}),
        Row("float32", "kB", sizes),
        Row("difference", "", errors),
        compared("one inference", "ms", alternate(networks, rounds * TURNS)),
    )
    return Result("formats", "Five formats of one network", METHOD, rows, machine.describe())


def network(graph: Graph) -> tfjs.Network:
    """Return a graph as shipped in float32, with synthetic inputs."""
    files = bundle.network(graph, "net", "none")
    cases = [
        [sample.stored * np.float32(sample.scale) for sample in example]
        for example in golden.invent(graph.inputs)
    ]
    return tfjs.Network(files, graph.inputs, [each.tensor for each in graph.outputs], cases)
