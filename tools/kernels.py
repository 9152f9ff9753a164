"""Which of TF.js's kernels the models need, and the module that registers only those.

TF.js runs a graph in three steps: a graph's node (`_FusedConv2D`) is executed by functions of
tfjs-core (`fused.conv2d`), which run kernels (`FusedConv2D`), which every backend implements. The
first step is in tfjs-converter's own metadata; the second is read from tfjs-core's sources.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from tools.errors import BuildError
from tools.project import Project

BACKENDS = ("webgl", "wasm", "cpu")
ALWAYS = frozenset({"Cast", "ExpandDims", "Identity", "Reshape", "Transpose"})
"""Kernels that functions of tfjs-core run in passing, whatever they compute."""
ALSO_RUN = {"Select": {"Tile"}}
"""Kernels that come with another: `where` broadcasts its condition."""

_DEFINITION = re.compile(r"export const (\w+) = (?:/\* @__PURE__ \*/ )?op\(")
_FUNCTION = re.compile(r"export (?:(?:async )?function |\{ )(\w+)")
_RUN = re.compile(r"\.runKernel\((\w+)")
_IMPORT = re.compile(r"from '(\.[^']+)'")
_CONFIG = re.compile(r"export const (\w+Config) =")


def write_kernels(project: Project, target: Path) -> Path:
    """Write the module that registers what the bundles in `models/` need.

    Raises:
        BuildError: a model has a node that this TF.js does not know.
    """
    kernels = kernels_for(project, ops_in(project.models))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(module(project, kernels), encoding="utf-8")
    return target


def ops_in(models: Path) -> dict[str, str]:
    """Return every op of every bundle, mapped to the name of a bundle that has it."""
    ops: dict[str, str] = {}
    for path in sorted(models.glob("*/model.json")):
        topology = json.loads(path.read_text(encoding="utf-8"))["modelTopology"]
        functions = topology.get("library", {}).get("function", [])
        nodes = [*topology["node"], *(node for f in functions for node in f.get("nodeDef", []))]
        ops.update({node["op"]: path.parent.name for node in nodes})
    return ops


def kernels_for(project: Project, ops: dict[str, str]) -> list[str]:
    """Return the names of the kernels that run these ops, sorted.

    Raises:
        BuildError: an op is none that TF.js runs.
    """
    core = project.node_modules / "@tensorflow/tfjs-core/dist/ops"
    metadata = project.node_modules / "@tensorflow/tfjs-converter/metadata/kernel2op.json"
    functions: dict[str, list[str]] = json.loads(metadata.read_text(encoding="utf-8"))
    found = set(ALWAYS)
    for op, model in ops.items():
        if op not in functions:
            raise BuildError(
                f"models/{model}/model.json has a node of type {op}, which TF.js cannot run:"
                " convert the model again with a converter that replaces it."
            )
        for function in functions[op]:
            found |= kernels_of(core, function)
    for kernel in sorted(found):
        found |= ALSO_RUN.get(kernel, set())
    return sorted(found)


def kernels_of(core: Path, function: str) -> frozenset[str]:
    """Return the kernels that a function of tfjs-core runs: "add", "fused.conv2d".

    A function that runs kernels itself counts with those alone (what else its file imports is for
    gradients); one that runs none is composed of others, and counts with theirs.
    """
    source = _definitions(core).get(function)
    return _kernels_in(source, core) if source else frozenset()


@cache
def _definitions(core: Path) -> dict[str, Path]:
    found = {}
    for path in sorted(core.rglob("*.js")):
        text = path.read_text(encoding="utf-8")
        prefix = "" if path.parent in (core, core / "spectral") else f"{path.parent.name}."
        for name in (*_DEFINITION.findall(text), *_FUNCTION.findall(text)):
            found[prefix + name] = path
    return found


@cache
def _kernels_in(source: Path, core: Path) -> frozenset[str]:
    text = source.read_text(encoding="utf-8")
    own = frozenset(_RUN.findall(text))
    if own:
        return own
    imported = (source.parent / f"{name}.js" for name in _IMPORT.findall(text))
    ops = (path for path in imported if path.is_file() and core in path.parents)
    return frozenset().union(*(_kernels_in(path, core) for path in ops if _is_op(path)))


def _is_op(path: Path) -> bool:
    return bool(_DEFINITION.search(path.read_text(encoding="utf-8")))


def module(project: Project, kernels: Iterable[str]) -> str:
    """Return the source of a module that registers kernels for every backend that has them.

    A model that runs a kernel which a backend lacks fails its golden run there, and the engine
    picks another backend.
    """
    names, lines = [], []
    for backend, kernel, config in _configs(project, kernels):
        name = f"{backend}_{config}"
        path = f"@tensorflow/tfjs-backend-{backend}/dist/kernels/{kernel}.js"
        lines.append(f"import {{ {config} as {name} }} from '{path}';")
        names.append(name)
    listed = "".join(f"  {name},\n" for name in names)
    return (
        "import { registerKernel } from '@tensorflow/tfjs-core';\n"
        + "".join(f"{line}\n" for line in lines)
        + f"const kernels = [\n{listed}];\nfor (const kernel of kernels) registerKernel(kernel);\n"
    )


def _configs(project: Project, kernels: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for kernel in kernels:
        for backend in BACKENDS:
            folder = project.node_modules / f"@tensorflow/tfjs-backend-{backend}/dist/kernels"
            path = folder / f"{kernel}.js"
            if path.is_file():
                yield backend, kernel, _CONFIG.findall(path.read_text(encoding="utf-8"))[0]
