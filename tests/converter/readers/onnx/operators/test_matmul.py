import numpy as np
import pytest
from onnx import TensorProto, helper

from converter import bundle, tfjs
from converter.passes import optimise
from converter.readers.onnx import from_model

BATCHES = {
    "both repeat": ((3, 1), (1, 2), (3, 2)),
    "the outer axis is the same": ((3, 1), (3, 2), (3, 2)),
    "the inner axis is the same": ((1, 2), (3, 2), (3, 2)),
    "an axis is missing": ((2,), (3, 2), (3, 2)),
    "one matrix for all": ((), (3, 2), (3, 2)),
}


@pytest.mark.parametrize("backend", tfjs.BACKENDS)
def test_batches_repeat_as_numpy_s_do(backend: str) -> None:
    random, networks, expected = np.random.default_rng(0), [], []
    for a, b, y in BATCHES.values():
        shapes = {"a": (*a, 3, 4), "b": (*b, 4, 5), "y": (*y, 3, 5)}
        infos = {
            name: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in shapes.items()
        }
        node = helper.make_node("MatMul", ["a", "b"], ["y"])
        graph = helper.make_graph([node], "g", [infos["a"], infos["b"]], [infos["y"]])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        model.ir_version = 8
        made = optimise(from_model(model, "product").graph)
        given = [random.normal(size=each.shape).astype(np.float32) for each in made.inputs]
        outputs = [each.tensor for each in made.outputs]
        files = bundle.network(made, "net", "none")
        networks.append(tfjs.Network(files, made.inputs, outputs, [given]))
        expected.append(given[0] @ given[1])
    for why, want, got in zip(BATCHES, expected, tfjs.run_all(networks, backend), strict=True):
        assert isinstance(got, tfjs.Answers), f"{why}: {got}"
        np.testing.assert_allclose(got.outputs[0][0], want, atol=1e-5, err_msg=why)
