"""A network with two inputs and two outputs: a picture and four numbers to classes and a value."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import converter

NAME = "two-inputs"
SHAPES = {"picture": (1, 8, 8, 3), "numbers": (1, 4), "classes": (1, 3), "value": (1, 1)}
INPUTS, OUTPUTS = ("picture", "numbers"), ("classes", "value")


def model() -> onnx.ModelProto:
    """Return the network, whose outputs both depend on both inputs."""
    nodes = [
        _node("Transpose", ["picture"], "planes", perm=[0, 3, 1, 2]),
        _node("Conv", ["planes", "filters"], "features", pads=[1, 1, 1, 1], strides=[2, 2]),
        _node("Relu", ["features"], "active"),
        _node("GlobalAveragePool", ["active"], "pooled"),
        _node("Flatten", ["pooled"], "flat"),
        _node("Concat", ["flat", "numbers"], "all", axis=1),
        _node("Gemm", ["all", "to_scores", "bias"], "scores"),
        _node("Softmax", ["scores"], "classes", axis=1),
        _node("Gemm", ["all", "to_value"], "value"),
    ]
    graph = helper.make_graph(
        nodes,
        "two-inputs",
        [_tensor(name) for name in INPUTS],
        [_tensor(name) for name in OUTPUTS],
        [numpy_helper.from_array(array, name) for name, array in _weights().items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def convert(folder: Path) -> Path:
    """Convert the network; return the folder of its bundle."""
    source = folder / "two-inputs.onnx"
    onnx.save(model(), source)
    about = converter.About(name=NAME, title="Two inputs", source="Made up by a test.")
    converter.convert(source, folder / NAME, about, "none")
    return folder / NAME


def _node(op: str, inputs: list[str], output: str, **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(op, inputs, [output], name=output, **attributes)


def _tensor(name: str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, SHAPES[name])


def _weights() -> dict[str, np.ndarray[Any, Any]]:
    random = np.random.default_rng(13)
    shapes = {
        "filters": (6, 3, 3, 3),
        "to_scores": (10, 3),
        "bias": (3,),
        "to_value": (10, 1),
    }
    return {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
