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

IMAGE = tf.TensorSpec((None, None, None, 2), tf.float32, "image")


def traced(function: Callable[..., object], *signature: Any) -> Any:
    return tf.function(function, input_signature=signature)


def network() -> Any:
    """A convolution whose weights are variables, one of them in a nested module."""
    module = tf.Module()
    module.inner = tf.Module()
    module.inner.filters = tf.Variable(f32([[[[1, 2, 3], [4, 5, 6]]]]))
    module.hidden = [{"bias": tf.Variable(f32([1, -100, 1]))}]

    def score(image: Any) -> object:
        made = tf.nn.conv2d(image, module.inner.filters, 1, "SAME") + module.hidden[0]["bias"]
        flat = tf.reshape(tf.nn.relu(made), (tf.shape(image)[0], -1))
        return {"scores": flat, "best": tf.argmax(flat, 1)}

    def several(b: Any, image: Any) -> object:
        return {"sum": tf.cast(b, tf.float32) + tf.reduce_mean(image, (1, 2))}

    module.score = traced(score, IMAGE)
    module.several = traced(several, tf.TensorSpec((None, 2), tf.uint8, "b"), IMAGE)
    return module


def saved(folder: Path, *signatures: str) -> Path:
    made = network()
    chosen = {name: made.several if name == "several" else made.score for name in signatures}
    tf.saved_model.save(made, folder, signatures=chosen)
    return folder


def test_variables_are_frozen_and_sizes_folded(tmp_path: Path) -> None:
    source = readers.read(saved(tmp_path, "serving_default"), {"image": (1, 2, 2, 2)})
    assert source.runtime == f"tensorflow {tf.__version__}"
    assert source.graph.inputs == (Tensor("image", (1, 2, 2, 2), "float32"),)
    outputs = {each.tensor.name: each.tensor for each in source.graph.outputs}
    assert outputs == {
        "scores": Tensor("scores", (1, 12), "float32"),
        "best": Tensor("best", (1,), "int32"),
    }
    graph = optimise(source.graph)
    assert [node.op for node in graph.nodes] == ["_FusedConv2D", "Reshape", "ArgMax"]
    made = source.run([np.ones((1, 2, 2, 2), np.float32)])
    answers = {each.tensor.name: a for each, a in zip(graph.outputs, made, strict=True)}
    np.testing.assert_array_equal(answers["scores"], [[6, 0, 10] * 4])
    np.testing.assert_array_equal(answers["best"], [2])


def test_types_that_tfjs_lacks_are_cast_for_the_original(tmp_path: Path) -> None:
    source = readers.read(saved(tmp_path, "several"), {"image": (1, 1, 1, 2)})
    assert [(each.name, each.dtype) for each in source.graph.inputs] == [
        ("b", "int32"),
        ("image", "float32"),
    ]
    made = source.run([np.array([[1, 255]], np.int32), f32([[[[1, 2]]]])])
    np.testing.assert_array_equal(made[0], [[2, 257]])


def test_the_only_signature_is_taken_and_the_usual_one_of_several(tmp_path: Path) -> None:
    only = readers.read(saved(tmp_path / "only", "score"), {"image": (1, 1, 1, 2)})
    assert len(only.graph.outputs) == 2
    usual = saved(tmp_path / "usual", "several", "serving_default")
    assert len(readers.read(usual, {"image": (1, 1, 1, 2)}).graph.outputs) == 2


@pytest.mark.parametrize(
    ("signatures", "found"),
    [(("several", "score"), "has the signatures score, several"), ((), "has no signature")],
)
def test_an_open_choice_of_signature_is_refused(
    signatures: tuple[str, ...], found: str, tmp_path: Path
) -> None:
    if not signatures:
        tf.saved_model.save(tf.Module(), tmp_path)
    else:
        saved(tmp_path, *signatures)
    with pytest.raises(SourceError, match=f"{found}, expected serving_default; save it again"):
        readers.read(tmp_path)


def test_open_sides_ask_for_a_shape(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"image: shape \['\?', '\?', '\?', 2\] has open sides; "):
        readers.read(saved(tmp_path, "score"))


def test_a_shape_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    folder = saved(tmp_path, "score")
    with pytest.raises(SourceError, match=r"image: .*which \[1, 4, 4, 3\] does not fit"):
        readers.read(folder, {"image": (1, 4, 4, 3)})
    with pytest.raises(SourceError, match="has no input picture; its inputs are image"):
        readers.read(folder, {"picture": (1, 4, 4, 2)})


def test_an_output_whose_size_is_computed_is_refused(tmp_path: Path) -> None:
    spec = tf.TensorSpec((None, 4), tf.float32, "x")
    positive = traced(lambda x: {"found": tf.where(x > 0)}, spec)
    tf.saved_model.save(tf.Module(), tmp_path, signatures={"serving_default": positive})
    with pytest.raises(SourceError, match=r"output found: its shape .* depends on what"):
        readers.read(tmp_path)


def test_text_is_refused(tmp_path: Path) -> None:
    spec = tf.TensorSpec((None,), tf.string, "words")
    shout = traced(lambda words: {"loud": tf.strings.upper(words)}, spec)
    tf.saved_model.save(tf.Module(), tmp_path, signatures={"serving_default": shout})
    with pytest.raises(SourceError, match=r"words: TF\.js has no type string"):
        readers.read(tmp_path)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"is a folder without saved_model\.pb"):
        readers.read(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no model at all"])
def test_other_content_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "saved_model.pb").write_bytes(content)
    with pytest.raises(SourceError, match="TensorFlow cannot read it: "):
        readers.read(tmp_path)


def test_lost_variables_are_refused(tmp_path: Path) -> None:
    folder = saved(tmp_path, "score")
    for file in (folder / "variables").iterdir():
        file.unlink()
    with pytest.raises(SourceError, match=r"TensorFlow cannot read it: .*variables"):
        readers.read(folder)
