from itertools import product
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from converter import bundle, tfjs
from converter.passes import optimise
from converter.readers import Source
from converter.readers.onnx import from_model

MODES = ("nearest", "linear", "cubic")
PADDING = ("zeros", "border", "reflection")
CASES = [*product(MODES, PADDING, (0, 1))]


def sampling(mode: str, padding: str, corners: int) -> Source:
    attributes: dict[str, Any] = {
        "mode": mode,
        "padding_mode": padding,
        "align_corners": corners,
    }
    node = helper.make_node("GridSample", ["x", "grid"], ["y"], **attributes)
    values = {"x": (2, 3, 4, 5), "grid": (2, 6, 7, 2), "y": (2, 3, 6, 7)}
    infos = {
        name: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in values.items()
    }
    graph = helper.make_graph([node], "g", [infos["x"], infos["grid"]], [infos["y"]])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])
    model.ir_version = 10
    onnx.checker.check_model(model)
    return from_model(model, "sampling")


@pytest.mark.parametrize("backend", tfjs.BACKENDS)
def test_places_inside_and_outside_give_what_onnxruntime_gives(backend: str) -> None:
    random = np.random.default_rng(0)
    networks, expected = [], []
    for case in CASES:
        source = sampling(*case)
        graph = optimise(source.graph)
        given = [random.uniform(-2, 2, each.shape).astype(np.float32) for each in graph.inputs]
        outputs = [each.tensor for each in graph.outputs]
        files = bundle.network(graph, "net", "none")
        networks.append(tfjs.Network(files, graph.inputs, outputs, [given]))
        expected.append(source.run(given)[0])
    for case, want, got in zip(CASES, expected, tfjs.run_all(networks, backend), strict=True):
        assert isinstance(got, tfjs.Answers), f"{case}: {got}"
        np.testing.assert_allclose(got.outputs[0][0], want, atol=1e-4, err_msg=str(case))
