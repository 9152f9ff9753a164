"""Generates the two modules that limit the engine bundle to the TF.js code that models need.

TF.js executes a graph node (`_FusedConv2D`) with functions of tfjs-core (`fused.conv2d`), which
run kernels (`FusedConv2D`), which each backend implements. tfjs-converter's metadata maps nodes to
functions; functions are mapped to kernels by parsing tfjs-core's sources.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from glassbooth.errors import BuildError
from glassbooth.library import Library

BACKENDS = ("webgl", "wasm", "cpu")
ALWAYS = frozenset({"Cast", "ExpandDims", "Identity", "Reshape", "Transpose"})
"""Kernels that functions of tfjs-core run implicitly, such as casts; always included."""
ALSO_RUN = {"Select": {"Tile"}}
"""Kernels that imply others: `where` broadcasts its condition with `Tile`."""
CORE = "@tensorflow/tfjs-core/dist/ops"
METADATA = "@tensorflow/tfjs-converter/metadata/kernel2op.json"

_OP = re.compile(r"export const (\w+) = (?:/\* @__PURE__ \*/ )?op\(")
_FUNCTION = re.compile(
    r"export (?:async )?function (\w+)\(|export \{ (\w+) \};|export const (\w+) = \w+_;"
)
_RUN = re.compile(r"\.runKernel\('?(\w+)")
_IMPORT = re.compile(r"from '(\.[^']+)'")
_CONFIG = re.compile(r"export const (\w+Config) =")


@dataclass(frozen=True)
class TfjsModules:
    """Paths of the generated modules.

    Attributes:
        kernels: Registers kernels; the engine imports it as `glassbooth-kernels`.
        ops: Exports functions; replaces tfjs-core's `ops_for_converter`, which exports all of them
            and is designed to be replaced.
    """

    kernels: Path
    ops: Path


def write_modules(library: Library, models: Iterable[Path], folder: Path) -> TfjsModules:
    """Write both modules for the models in some folders.

    Raises:
        BuildError: A model has a node that TF.js cannot run.
    """
    return write_modules_for(library, ops_in(models), folder)


def write_modules_for(library: Library, ops: Mapping[str, str], folder: Path) -> TfjsModules:
    """Write both modules for some ops, each mapped to the name of a bundle that has it.

    Raises:
        BuildError: TF.js does not execute one of the ops.
    """
    functions = functions_for(library, ops)
    modules = TfjsModules(folder / "kernels.js", folder / "ops.js")
    folder.mkdir(parents=True, exist_ok=True)
    kernels = kernels_for(library, functions)
    modules.kernels.write_text(kernel_module(library, kernels), encoding="utf-8")
    modules.ops.write_text(op_module(library, functions), encoding="utf-8")
    return modules


def ops_in(models: Iterable[Path]) -> dict[str, str]:
    """Return every op of every bundle, mapped to the name of a bundle that has it."""
    ops: dict[str, str] = {}
    for path in sorted(folder / "model.json" for folder in models):
        if not path.is_file():
            raise BuildError(f"{path} is missing: convert the model again.")
        topology = json.loads(path.read_text(encoding="utf-8"))["modelTopology"]
        functions = topology.get("library", {}).get("function", [])
        nodes = [*topology["node"], *(node for f in functions for node in f.get("nodeDef", []))]
        ops.update({node["op"]: path.parent.name for node in nodes})
    return ops


def functions_for(library: Library, ops: Mapping[str, str]) -> list[str]:
    """Return the functions of tfjs-core that execute these ops, sorted: "add", "fused.conv2d".

    Raises:
        BuildError: TF.js does not execute one of the ops.
    """
    metadata = library.node_modules / METADATA
    known: dict[str, list[str]] = json.loads(metadata.read_text(encoding="utf-8"))
    for op, model in ops.items():
        if op not in known:
            raise BuildError(
                f"models/{model}/model.json has a node of type {op}, which TF.js cannot run:"
                " convert the model again with a converter that replaces it."
            )
    return sorted({function for op in ops for function in known[op]})


def kernels_for(library: Library, functions: Iterable[str]) -> list[str]:
    """Return the names of the kernels that these functions run, sorted."""
    core = library.node_modules / CORE
    found = ALWAYS.union(*(kernels_of(core, function) for function in functions))
    return sorted(found.union(*(ALSO_RUN.get(kernel, set()) for kernel in found)))


def kernels_of(core: Path, function: str) -> frozenset[str]:
    """Return the kernels that one function runs.

    If its file runs kernels, these are all of them: the file's imports are for gradients.
    Otherwise the function is composed of imported ones, and runs theirs.
    """
    source = definitions(core).get(function)
    return _kernels_in(source, core) if source else frozenset()


@cache
def definitions(core: Path) -> dict[str, Path]:
    """Return the defining file of each tfjs-core function, by the name that the converter uses."""
    found = {}
    for path in sorted(core.rglob("*.js")):
        text = path.read_text(encoding="utf-8")
        prefix = "" if path.parent in (core, core / "spectral") else f"{path.parent.name}."
        names = [*_OP.findall(text), *("".join(match) for match in _FUNCTION.findall(text))]
        found.update({prefix + name: path for name in names})
    return found


@cache
def _kernels_in(source: Path, core: Path) -> frozenset[str]:
    text = source.read_text(encoding="utf-8")
    own = frozenset(_RUN.findall(text))
    if own:
        return own
    imported = (source.parent / f"{name}.js" for name in _IMPORT.findall(text))
    ops = (path.resolve() for path in imported if path.is_file())
    return frozenset().union(*(_kernels_in(path, core) for path in ops if _is_op(path, core)))


def _is_op(path: Path, core: Path) -> bool:
    return core.resolve() in path.parents and bool(_OP.search(path.read_text(encoding="utf-8")))


def kernel_module(library: Library, kernels: Iterable[str]) -> str:
    """Return the source of a module that registers kernels for every backend that has them.

    On a backend that lacks a kernel of a model, the golden run fails and the engine picks another
    backend.
    """
    names, lines = [], ["import { registerKernel } from '@tensorflow/tfjs-core';"]
    for backend, kernel, config in _configs(library, kernels):
        name = f"{backend}_{config}"
        path = f"@tensorflow/tfjs-backend-{backend}/dist/kernels/{kernel}.js"
        lines.append(f"import {{ {config} as {name} }} from '{path}';")
        names.append(name)
    lines.append(f"for (const kernel of [{', '.join(names)}]) registerKernel(kernel);")
    return "\n".join(lines) + "\n"


def _configs(library: Library, kernels: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for kernel in kernels:
        for backend in BACKENDS:
            folder = library.node_modules / f"@tensorflow/tfjs-backend-{backend}/dist/kernels"
            path = folder / f"{kernel}.js"
            if path.is_file():
                yield backend, kernel, _CONFIG.findall(path.read_text(encoding="utf-8"))[0]


def op_module(library: Library, functions: Iterable[str]) -> str:
    """Return the source of a module that exports functions as `ops_for_converter` does.

    Raises:
        BuildError: The tfjs-core package does not define one of them.
    """
    core = library.node_modules / CORE
    lines: list[str] = []
    namespaces: dict[str, list[str]] = {}
    for function in functions:
        source = definitions(core).get(function)
        if source is None:
            raise BuildError(f"TF.js's {METADATA} names {function}, which tfjs-core lacks.")
        namespace, _, name = function.rpartition(".")
        path = f"{CORE}/{source.relative_to(core).as_posix()}"
        if namespace:
            lines.append(f"import {{ {name} as {namespace}_{name} }} from '{path}';")
            namespaces.setdefault(namespace, []).append(f"{name}: {namespace}_{name}")
        else:
            lines.append(f"export {{ {name} }} from '{path}';")
    lines += (f"export const {n} = {{ {', '.join(m)} }};" for n, m in namespaces.items())
    return "".join(f"{line}\n" for line in lines)
