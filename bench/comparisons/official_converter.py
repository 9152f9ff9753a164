"""Comparison with the official converter on one SavedModel, each in its own environment."""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bench import five_formats, machine
from bench.cost import Cost
from bench.environments import OFFICIAL, environment, measured, size
from bench.result import OURS, Result, Row, compared
from bench.timing import TURNS, alternate, error
from card import Tensor
from converter import golden, readers, tfjs

SIDE, WIDTH = 160, 16
SCHEMES = ("none", "float16", "uint8")
MB = 1e6
THEIRS = "official converter"
METHOD = (
    "PyPI's tensorflowjs==4.22.0 with ydf==0.11.0 (any other fails to import) and this converter, "
    "each in an environment of its own (4.5 GB, made on the first run), on one SavedModel: a "
    "network after MobileNetV2, 160×160. This converter's time includes running the original and "
    "its parity in TF.js. What both make runs in TF.js on WebAssembly in Node, by turns."
)

Command: TypeAlias = Callable[[Path, Path, str], list[str | Path]]
"""Maps source, target and quantization scheme to a command."""


def measure(rounds: int) -> Result:
    """Convert in turn, and run the results."""
    official, ours = environment("official", OFFICIAL), environment("keras", [".[keras]"])
    alone = environment("onnx", [".[onnx]"])
    commands: dict[str, Command] = {
        OURS: lambda source, out, scheme: _ours(ours, source, out, scheme),
        THEIRS: lambda source, out, scheme: _official(official, source, out, scheme),
    }
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            Row("environment", "MB", {OURS: (size(ours) / MB,), THEIRS: (size(official) / MB,)}),
            Row("environment with ONNX alone", "MB", {OURS: (size(alone) / MB,)}),
            *_convert(Path(folder), commands, rounds),
        ]
    about = machine.describe(**{"official converter": " ".join(OFFICIAL)})
    title = "Beside the official converter"
    return Result("converter", title, METHOD, tuple(rows), about)


def _convert(folder: Path, commands: Mapping[str, Command], rounds: int) -> Iterator[Row]:
    source = five_formats.write(folder, SIDE, WIDTH)["SavedModel"]
    model = readers.read(source)
    cases = [
        [sample.stored * np.float32(sample.scale) for sample in example]
        for example in golden.invent(model.graph.inputs)
    ]
    costs: dict[str, list[Cost]] = {side: [] for side in commands}
    for turn in range(rounds):
        for side, command in commands.items():
            costs[side].append(measured(command(source, folder / f"{side} none {turn}", "none")))
    seconds = {side: [cost.seconds for cost in each] for side, each in costs.items()}
    yield compared("conversion", "s", seconds)
    memory = {side: [cost.peak / MB for cost in each] for side, each in costs.items()}
    yield compared("peak memory", "MB", memory)
    expected = [model.run(case)[0] for case in cases]
    for scheme in SCHEMES:
        for side, command in commands.items():
            if scheme != "none":
                measured(command(source, folder / f"{side} {scheme} 0", scheme))
        made = {side: network(folder / f"{side} {scheme} 0", cases) for side in commands}
        name = scheme.replace("none", "float32")
        sizes = {side: (sum(map(len, each.files.values())) / 1e3,) for side, each in made.items()}
        yield Row(f"{name}", "kB", sizes)
        errors = {side: (error(each, expected),) for side, each in made.items()}
        yield Row(f"{name}, largest difference", "", errors)
        if scheme == "none":
            yield Row("nodes", "", {side: (_nodes(each),) for side, each in made.items()})
            yield compared("one inference", "ms", alternate(made, rounds * TURNS))


def _official(folder: Path, source: Path, out: Path, scheme: str) -> list[str | Path]:
    asked = [] if scheme == "none" else [f"--quantize_{scheme}", "*"]
    program = folder / "bin" / "tensorflowjs_converter"
    return [program, "--input_format=tf_saved_model", *asked, source, out]


def _ours(folder: Path, source: Path, out: Path, scheme: str) -> list[str | Path]:
    program: list[str | Path] = [folder / "bin" / "python", "-m", "converter", "convert"]
    return [*program, source, "--name", "ours", "--quantize", scheme, "--out", out]


def network(folder: Path, cases: Sequence[Sequence[NDArray[Any]]]) -> tfjs.Network:
    """Return the graph model in a folder."""
    model = json.loads((folder / "model.json").read_text("utf-8"))
    paths = [path for group in model["weightsManifest"] for path in group["paths"]]
    files = {path: (folder / path).read_bytes() for path in ("model.json", *paths)}
    inputs, outputs = (_tensors(model["signature"][each]) for each in ("inputs", "outputs"))
    return tfjs.Network(files, inputs, outputs, cases)


def _tensors(signature: dict[str, Any]) -> list[Tensor]:
    made = []
    for name, info in signature.items():
        sides = [int(each["size"]) for each in info["tensorShape"]["dim"]]
        made.append(Tensor(name, (1, *sides[1:]), "float32"))
    return made


def _nodes(made: tfjs.Network) -> int:
    nodes = json.loads(made.files["model.json"])["modelTopology"]["node"]
    return sum(node["op"] not in {"Const", "Placeholder"} for node in nodes)
