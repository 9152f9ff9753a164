from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from card import Tensor
from converter import readers
from converter.errors import SourceError
from converter.passes import optimise
from tests.converter.building import f32


def frozen(folder: Path, build: Callable[[], object]) -> Path:
    """Write the frozen TensorFlow 1 graph that a function builds."""
    with tf.Graph().as_default() as graph:
        build()
    path = folder / "m.pb"
    path.write_bytes(graph.as_graph_def().SerializeToString())
    return path


def placeholder(name: str, shape: tuple[int | None, ...] | None, dtype: Any = tf.float32) -> Any:
    return tf.compat.v1.placeholder(dtype, shape, name)


def normalised() -> object:
    image = placeholder("image", (None, 2, 2, 1))
    rate = tf.compat.v1.placeholder_with_default(f32(1), (), "rate")
    filters = tf.constant(f32([[[[1, 2]]]]))
    made = tf.nn.conv2d(image * rate, filters, 1, "VALID", name="conv")
    made = tf.compat.v1.nn.fused_batch_norm(
        made, f32([1, 3]), f32([10, 20]), f32([2, 2]), f32([3, 3]), 1.0, is_training=False
    )[0]
    size = tf.shape(made)
    with tf.control_dependencies([tf.debugging.Assert(size[0] > 0, ["no images", size])]):
        return tf.reshape(tf.nn.relu(made), (size[0], 8), name="scores")


def test_a_graph_of_tensorflow_1_becomes_two_nodes(tmp_path: Path) -> None:
    source = readers.read(frozen(tmp_path, normalised))
    assert source.runtime == f"tensorflow {tf.__version__}"
    graph = optimise(source.graph)
    assert graph.inputs == (Tensor("image", (1, 2, 2, 1), "float32"),)
    assert [output.tensor for output in graph.outputs] == [Tensor("scores", (1, 8), "float32")]
    assert [node.op for node in graph.nodes] == ["_FusedConv2D", "Reshape"]
    image = f32([[[[2], [4]], [[6], [-20]]]])
    # (2 - 2) / sqrt(3 + 1) * 1 + 10, (4 - 2) / 2 * 3 + 20, and so on
    np.testing.assert_allclose(source.run([image])[0], [[10, 23, 11, 29, 12, 35, 0, 0]])


def test_several_inputs_and_outputs(tmp_path: Path) -> None:
    def build() -> None:
        a, b = placeholder("a", (None, 4)), placeholder("b", (2,), tf.int64)
        tf.split(a, 2, axis=1, name="halves")
        tf.add(b, 1, name="next")

    source = readers.read(frozen(tmp_path, build))
    assert source.graph.inputs == (Tensor("a", (1, 4), "float32"), Tensor("b", (2,), "int32"))
    made = source.run([f32([[1, 2, 3, 4]]), np.array([5, 6], np.int32)])
    named = {
        each.tensor.name: a.tolist() for each, a in zip(source.graph.outputs, made, strict=True)
    }
    assert named == {"halves": [[1, 2]], "halves_1": [[3, 4]], "next": [6, 7]}


def test_shapes_may_be_given(tmp_path: Path) -> None:
    path = frozen(tmp_path, lambda: tf.nn.relu(placeholder("x", None), name="y"))
    with pytest.raises(SourceError, match=r"x: shape of any rank has open sides; .* --shape x=1,"):
        readers.read(path)
    source = readers.read(path, {"x": (3, 2)})
    assert source.graph.outputs[0].tensor == Tensor("y", (3, 2), "float32")


def test_variables_are_refused(tmp_path: Path) -> None:
    def build() -> Any:
        weight = tf.compat.v1.get_variable("weight", (2,), use_resource=False)
        return placeholder("x", (2,)) * weight

    with pytest.raises(SourceError, match=r"has variables \(weight\), so it is not frozen"):
        readers.read(frozen(tmp_path, build))


def test_a_graph_without_inputs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="has 0 placeholders and 0 results"):
        readers.read(frozen(tmp_path, lambda: tf.constant(1)))


def test_control_flow_is_one_node_that_can_be_named(tmp_path: Path) -> None:
    def loop(x: Any) -> Any:
        return tf.while_loop(lambda y: tf.reduce_sum(y) < 9, lambda y: (y * 2,), (x,))

    concrete = tf.function(loop).get_concrete_function(tf.TensorSpec((2,), tf.float32, "x"))
    (tmp_path / "m.pb").write_bytes(concrete.graph.as_graph_def().SerializeToString())
    graph = readers.read(tmp_path / "m.pb").graph
    assert [node.op for node in graph.nodes if "While" in node.op] == ["StatelessWhile"]


def test_a_part_of_a_saved_model_is_told_where_the_whole_is(tmp_path: Path) -> None:
    (tmp_path / "saved_model.pb").write_bytes(b"")
    with pytest.raises(SourceError, match=f"is part of a SavedModel; convert .*{tmp_path.name}"):
        readers.read(tmp_path / "saved_model.pb")


def test_other_content_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.pb").write_bytes(b"no model at all")
    with pytest.raises(SourceError, match=r"m\.pb: TensorFlow cannot read it as a GraphDef: "):
        readers.read(tmp_path / "m.pb")


def test_operations_that_tensorflow_lacks_are_told(tmp_path: Path) -> None:
    definition = tf.compat.v1.GraphDef()
    definition.node.add(name="y", op="MyOwn")
    (tmp_path / "m.pb").write_bytes(definition.SerializeToString())
    with pytest.raises(SourceError, match=r"as a GraphDef: .*MyOwn"):
        readers.read(tmp_path / "m.pb")
