import random
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from card import Tensor
from converter import bundle, cli, readers
from converter.errors import SourceError, UnsupportedError
from converter.passes import optimise
from converter.readers.onnx import from_model

FILTERS = np.arange(54, dtype=np.float32).reshape(2, 3, 3, 3) / 54


def model(
    *nodes: onnx.NodeProto,
    shape: Any = (1, 3, 8, 8),
    result: Any = (1, 2, 8, 8),
    opset: int = 17,
    **weights: Any,
) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes,
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, result)],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def conv(**changes: Any) -> onnx.ModelProto:
    node = helper.make_node("Conv", ["x", "w"], ["y"], name="conv", pads=[1, 1, 1, 1])
    return model(node, w=FILTERS, **changes)


def test_images_are_nhwc_in_the_graph_and_for_run() -> None:
    source = from_model(conv(), "m")
    assert source.graph.inputs == (Tensor("x", (1, 8, 8, 3), "float32"),)
    assert source.graph.outputs[0].tensor == Tensor("y", (1, 8, 8, 2), "float32")
    assert [node.op for node in optimise(source.graph).nodes] == ["Conv2D"]
    assert source.run([np.ones((1, 8, 8, 3), np.float32)])[0].shape == (1, 8, 8, 2)


def test_a_network_that_takes_nhwc_keeps_it() -> None:
    turn = helper.make_node("Transpose", ["x"], ["t"], perm=[0, 3, 1, 2])
    node = helper.make_node("Conv", ["t", "w"], ["y"], pads=[1, 1, 1, 1])
    source = from_model(model(turn, node, shape=(1, 8, 8, 3), w=FILTERS), "m")
    assert source.graph.inputs[0].shape == (1, 8, 8, 3)
    assert [node.op for node in optimise(source.graph).nodes] == ["Conv2D"]


def test_a_batch_that_is_open_becomes_one() -> None:
    source = from_model(conv(shape=("n", 3, 8, 8), result=("n", 2, 8, 8)), "m")
    assert source.graph.inputs[0].shape == (1, 8, 8, 3)


def test_other_open_sides_are_asked_for() -> None:
    opened = conv(shape=(1, 3, "h", "w"), result=(1, 2, "h", "w"))
    with pytest.raises(
        SourceError, match=r"x: shape .*'h', 'w'\] has open sides; .*--shape x=1,3,224,224"
    ):
        from_model(opened, "m")
    assert from_model(opened, "m", {"x": (1, 3, 6, 4)}).graph.inputs[0].shape == (1, 6, 4, 3)
    with pytest.raises(SourceError, match=r"\[1, 4, 6, 4\] does not fit"):
        from_model(opened, "m", {"x": (1, 4, 6, 4)})
    with pytest.raises(SourceError, match="has no input z; its inputs are x"):
        from_model(opened, "m", {"z": (1,)})


def test_shapes_that_are_computed_from_shapes_are_folded() -> None:
    nodes = [
        helper.make_node("Shape", ["x"], ["s"]),
        helper.make_node("Gather", ["s", "zero"], ["n"]),
        helper.make_node("Concat", ["n", "rest"], ["to"], axis=0),
        helper.make_node("Reshape", ["x", "to"], ["y"]),
    ]
    weights: dict[str, Any] = {"zero": np.array([0]), "rest": np.array([-1])}
    graph = from_model(model(*nodes, result=(1, 192), **weights), "m").graph
    assert [node.op for node in graph.nodes if node.op != "Transpose"] == ["Reshape"]


def test_all_nodes_that_cannot_be_converted_are_named_at_once() -> None:
    nodes = [
        helper.make_node("Det", ["x"], ["d"], name="first"),
        helper.make_node("RoiAlign", ["x", "r", "i"], ["y"], name="second", output_height=2),
    ]
    regions = {"r": np.zeros((1, 4), np.float32), "i": np.array([0])}
    bad = model(*nodes, opset=22, w=FILTERS, **regions)
    with pytest.raises(UnsupportedError) as raised:
        from_model(bad, "m")
    message = str(raised.value)
    assert "cannot compute 2 of the nodes" in message
    assert "Det first: a determinant of 8 by 8; compute it in Python" in message
    assert "RoiAlign second (output_height = 2): there is no converter for version 22" in message


def test_a_constant_outside_int32_is_refused() -> None:
    nodes = [
        helper.make_node("Cast", ["x"], ["i"], to=TensorProto.INT64),
        helper.make_node("Add", ["i", "big"], ["s"], name="sum"),
        helper.make_node("Cast", ["s"], ["y"], to=TensorProto.FLOAT),
    ]
    bad = model(*nodes, result=(1, 3, 8, 8), big=np.array([2**40]))
    with pytest.raises(UnsupportedError, match="Add sum: a constant is outside int32"):
        from_model(bad, "m")


def test_to_the_end_may_be_said_with_the_largest_int64() -> None:
    node = helper.make_node("Slice", ["x", "s", "e", "a"], ["y"])
    weights: dict[str, Any] = {"s": np.array([2]), "e": np.array([2**63 - 1]), "a": np.array([3])}
    graph = from_model(model(node, result=(1, 3, 8, 6), **weights), "m").graph
    assert graph.outputs[0].tensor.shape == (1, 3, 8, 6)


@pytest.mark.parametrize("opset", [6, 99])
def test_operator_sets_that_are_too_old_or_too_new_are_refused(opset: int) -> None:
    with pytest.raises(SourceError, match=f"operator set {opset}; what can be read is 7 to"):
        from_model(conv(opset=opset), "m")


def test_cycles_and_dangling_inputs_are_refused() -> None:
    nodes = [helper.make_node("Add", ["x", "b"], ["y"]), helper.make_node("Relu", ["y"], ["b"])]
    with pytest.raises(SourceError, match="m: is not valid ONNX: Nodes in a graph must be topolog"):
        from_model(model(*nodes), "m")
    with pytest.raises(SourceError, match="m: is not valid ONNX"):
        from_model(model(helper.make_node("Add", ["x", "nothing"], ["y"])), "m")


def outside(location: str, length: int, tmp_path: Path) -> Path:
    made = conv()
    tensor = made.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", 0), ("length", length)):
        tensor.external_data.add(key=key, value=str(value))
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "m.onnx").write_bytes(made.SerializeToString())
    return folder / "m.onnx"


def test_external_data_is_read(tmp_path: Path) -> None:
    path = outside("w.bin", FILTERS.nbytes, tmp_path)
    (path.parent / "w.bin").write_bytes(FILTERS.tobytes())
    image = np.random.default_rng(0).random((1, 8, 8, 3), np.float32)
    expected = from_model(conv(), "m").run([image])[0]
    np.testing.assert_array_equal(readers.read(path).run([image])[0], expected)


@pytest.mark.parametrize("location", ["../w.bin", "/etc/passwd", "missing.bin"])
def test_external_data_outside_of_the_folder_is_refused(location: str, tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(FILTERS.tobytes())
    path = outside(location, FILTERS.nbytes, tmp_path)
    with pytest.raises(SourceError, match="which is not a file in the model's folder"):
        readers.read(path)


def test_more_external_data_than_there_is_is_refused(tmp_path: Path) -> None:
    path = outside("w.bin", 2**31, tmp_path)
    (path.parent / "w.bin").write_bytes(b"1234")
    with pytest.raises(SourceError, match=r"claims bytes 0 to 2,147,483,648 of w\.bin.* has 4;"):
        readers.read(path)


def test_a_claim_of_two_gigabytes_is_refused_before_they_are_reserved(tmp_path: Path) -> None:
    made = conv()
    made.graph.initializer[0].dims[:] = [2**29]
    (tmp_path / "m.onnx").write_bytes(made.SerializeToString())
    with pytest.raises(SourceError, match="tensor w: claims 2,147,483,648 bytes, and holds 216;"):
        readers.read(tmp_path / "m.onnx")


def test_a_tensor_of_numbers_in_fields_that_claims_more_is_refused(tmp_path: Path) -> None:
    made = conv()
    tensor = made.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.float_data.extend([1.0, 2.0])
    (tmp_path / "m.onnx").write_bytes(made.SerializeToString())
    with pytest.raises(SourceError, match=r"m\.onnx"):
        readers.read(tmp_path / "m.onnx")


@pytest.mark.parametrize("seed", range(20))
def test_damaged_files_end_with_a_sentence(
    seed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance, data = random.Random(seed), conv().SerializeToString()
    cut = chance.randrange(len(data) - 1)
    path = tmp_path / "m.onnx"
    path.write_bytes(data[:cut] if seed % 2 else chance.randbytes(200))
    out = tmp_path / "out"
    assert cli.main(["convert", str(path), "--name", "m", "--out", str(out)]) == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert not out.exists()


def test_from_a_file_to_a_checked_bundle(tmp_path: Path) -> None:
    opened = conv(shape=(1, 3, "h", "w"), result=(1, 2, "h", "w"))
    (tmp_path / "m.onnx").write_bytes(opened.SerializeToString())
    out = tmp_path / "out"
    arguments = ["convert", str(tmp_path / "m.onnx"), "--name", "m", "--out", str(out)]
    assert cli.main([*arguments, "--shape", "x=1,3,8,8"]) == 0
    card, _ = bundle.load(out)
    assert card.inputs == (Tensor("x", (1, 8, 8, 3), "float32"),)
    assert card.parity.float32 < 1e-5
    assert cli.main(["check", str(out)]) == 0
