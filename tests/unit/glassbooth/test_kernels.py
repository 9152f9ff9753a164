import json
import re
from pathlib import Path

import pytest

from glassbooth.errors import BuildError
from glassbooth.kernels import (
    CORE,
    METADATA,
    definitions,
    functions_for,
    kernel_module,
    kernels_for,
    kernels_of,
    op_module,
    ops_in,
    write_modules,
)
from glassbooth.project import HERE, Project

INSTALLED = HERE.node_modules / CORE


@pytest.mark.parametrize(
    ("function", "kernels"),
    [
        ("add", {"Add"}),  # by its constant
        ("square", {"Square"}),  # by a string
        ("fused.conv2d", {"FusedConv2D"}),  # not the gradients' kernels it imports
        ("fused.matMul", {"_FusedMatMul"}),
        ("image.resizeBilinear", {"ResizeBilinear"}),
        ("fill", {"Fill"}),
        ("squeeze", {"Reshape"}),  # composed of another
        ("divNoNan", {"Equal", "RealDiv", "Select", "ZerosLike"}),  # composed of several
        ("scalar", set()),  # makes a tensor, runs nothing
    ],
)
def test_kernels_of_a_function_are_read_from_its_source(function: str, kernels: set[str]) -> None:
    assert kernels_of(INSTALLED, function) == kernels


def test_every_function_of_the_converter_is_found() -> None:
    metadata = json.loads((HERE.node_modules / METADATA).read_text())
    wanted = {function for functions in metadata.values() for function in functions}
    assert wanted - definitions(INSTALLED).keys() == set()


def test_every_kernel_is_one_that_some_backend_has() -> None:
    metadata = json.loads((HERE.node_modules / METADATA).read_text())
    functions = sorted({function for functions in metadata.values() for function in functions})
    module = kernel_module(HERE, kernels := kernels_for(HERE, functions))
    assert len(kernels) > 100
    missing = {kernel for kernel in kernels if f"/kernels/{kernel}.js'" not in module}
    assert missing == set()


def test_what_functions_run_in_passing_is_always_there() -> None:
    assert kernels_for(HERE, ["add", "where"]) == [
        "Add",
        "Cast",
        "ExpandDims",
        "Identity",
        "Reshape",
        "Select",
        "Tile",
        "Transpose",
    ]


def test_kernels_are_registered_for_each_backend_that_has_them() -> None:
    assert kernel_module(HERE, ["LinSpace", "SparseReshape", "_FusedMatMul", "Nonsense"]) == (
        "import { registerKernel } from '@tensorflow/tfjs-core';\n"
        + "".join(
            f"import {{ {config} as {backend}_{config} }} from"
            f" '@tensorflow/tfjs-backend-{backend}/dist/kernels/{kernel}.js';\n"
            for kernel, config in (
                ("LinSpace", "linSpaceConfig"),
                ("SparseReshape", "sparseReshapeConfig"),
                ("_FusedMatMul", "_fusedMatMulConfig"),
            )
            for backend in ("webgl", "wasm", "cpu")
        )
        + "for (const kernel of [webgl_linSpaceConfig, wasm_linSpaceConfig, cpu_linSpaceConfig,"
        " webgl_sparseReshapeConfig, wasm_sparseReshapeConfig, cpu_sparseReshapeConfig,"
        " webgl__fusedMatMulConfig, wasm__fusedMatMulConfig, cpu__fusedMatMulConfig])"
        " registerKernel(kernel);\n"
    )


def test_functions_are_exported_in_their_namespaces() -> None:
    assert op_module(HERE, ["fft", "fused.conv2d", "fused.matMul", "reshape"]) == (
        "export { fft } from '@tensorflow/tfjs-core/dist/ops/spectral/fft.js';\n"
        "import { conv2d as fused_conv2d } from '@tensorflow/tfjs-core/dist/ops/fused/conv2d.js';\n"
        "import { matMul as fused_matMul } from"
        " '@tensorflow/tfjs-core/dist/ops/fused/mat_mul.js';\n"
        "export { reshape } from '@tensorflow/tfjs-core/dist/ops/reshape.js';\n"
        "export const fused = { conv2d: fused_conv2d, matMul: fused_matMul };\n"
    )


def test_a_function_that_is_not_there_is_an_error() -> None:
    with pytest.raises(BuildError, match=r"names fused\.nonsense, which tfjs-core lacks"):
        op_module(HERE, ["fused.nonsense"])


def test_ops_are_collected_from_graphs_and_their_functions(tmp_path: Path) -> None:
    body = [{"op": "Less"}]
    topologies = {
        "a": {"node": [{"op": "Conv2D"}, {"op": "Relu"}]},
        "b": {"node": [{"op": "While"}], "library": {"function": [{"nodeDef": body}]}},
    }
    for name, topology in topologies.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "model.json").write_text(json.dumps({"modelTopology": topology}))
    assert ops_in([tmp_path / "b", tmp_path / "a"]) == {
        "Conv2D": "a",
        "Relu": "a",
        "While": "b",
        "Less": "b",
    }


def test_an_op_that_tfjs_cannot_run_is_named_with_its_model() -> None:
    with pytest.raises(BuildError, match=r"models/net/model\.json has a node of type GridSample"):
        functions_for(HERE, {"GridSample": "net"})


def test_modules_are_written_for_the_models_at_hand(project: Project) -> None:
    modules = write_modules(project, [project.models / "tiny"], project.cache / "build")
    assert modules.ops.read_text().count("export") == 1
    registered = re.findall(r"wasm/dist/kernels/(\w+)\.js", modules.kernels.read_text())
    assert registered == ["Cast", "ExpandDims", "Identity", "Reshape", "Transpose", "_FusedMatMul"]
