"""Beside the official converter, on one SavedModel: ``python -m bench.official_converter``.

PyPI's ``tensorflowjs`` and this project's converter each run in an environment of their own, which
is made on the first run (4.5 GB). What they make runs in TF.js by turns.
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.cost import Cost
from bench.environments import OFFICIAL, BenchError, environment, measured, size
from bench.timing import alternate
from converter import golden, readers, tfjs
from tests.converter import formats
from vision.card import Tensor

SIDE, WIDTH = 160, 16
SCHEMES = ("none", "float16", "uint8")
MB = 1e6


def main() -> int:
    """Measure, and print a table; return the exit status."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            _compare(Path(folder))
    except BenchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _compare(folder: Path) -> None:
    theirs, ours = environment("official", OFFICIAL), environment("keras", [".[keras]"])
    alone = environment("onnx", [".[onnx]"])
    source = formats.write(folder, SIDE, WIDTH)["SavedModel"]
    model = readers.read(source)
    cases = [
        [sample.stored * np.float32(sample.scale) for sample in example]
        for example in golden.invent(model.graph.inputs)
    ]
    networks: dict[str, tfjs.Network] = {}
    costs: dict[str, Cost] = {}
    for scheme in SCHEMES:
        out = folder / f"official-{scheme}"
        costs[f"official {scheme}"] = measured(_official(theirs, source, out, scheme))
        networks[f"official {scheme}"] = network(out, cases)
        out = folder / f"ours-{scheme}"
        costs[f"ours {scheme}"] = measured(_ours(ours, source, out, scheme))
        networks[f"ours {scheme}"] = network(out, cases)
    expected = [model.run(case)[0] for case in cases]
    plain = {name: networks[f"{name} none"] for name in ("official", "ours")}
    timings = alternate(plain)
    _row("", "official", "ours")
    _row("environment, MB", *(f"{size(each) / MB:,.0f}" for each in (theirs, ours)))
    _row("with ONNX alone, MB", "", f"{size(alone) / MB:,.0f}")
    for title, show in (("conversion, s", _seconds), ("peak memory, MB", _peak)):
        _row(title, *(show(costs[f"{name} none"]) for name in plain))
    for scheme in SCHEMES:
        pair = [networks[f"{name} {scheme}"] for name in plain]
        _row(f"bytes, {scheme}", *(f"{sum(map(len, each.files.values())):,}" for each in pair))
        _row(f"error, {scheme}", *(f"{error(each, expected):.1e}" for each in pair))
    _row("nodes", *(str(_nodes(each)) for each in plain.values()))
    _row("median on WASM, ms", *(f"{each.median:.2f}" for each in timings.values()))
    _row("ratio to official", "1.00", f"{timings['ours'].ratio(timings['official']):.2f}")


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


def error(made: tfjs.Network, expected: Sequence[NDArray[Any]]) -> float:
    """Return the largest difference of a network on WebAssembly from its source."""
    (answers,) = tfjs.run_all([made], "wasm")
    if isinstance(answers, Exception):
        raise answers
    pairs = zip(expected, answers.outputs, strict=True)
    return max(float(np.abs(want - got[0]).max()) for want, got in pairs)


def _seconds(cost: Cost) -> str:
    return f"{cost.seconds:.1f}"


def _peak(cost: Cost) -> str:
    return f"{cost.peak / MB:,.0f}"


def _row(title: str, *cells: str) -> None:
    print(f"{title:22}" + "".join(f"{cell:>12}" for cell in cells))


if __name__ == "__main__":
    sys.exit(main())
