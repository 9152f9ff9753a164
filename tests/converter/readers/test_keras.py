from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray

from card import Tensor
from converter import bundle, diverge, readers
from converter.errors import SourceError
from converter.measure import Form
from converter.passes import optimise
from converter.readers.keras import from_model


def network() -> Any:
    keras.utils.set_random_seed(0)
    image = x = keras.Input((6, 6, 2), name="image")
    x = layers.Conv2D(3, 3, strides=2, padding="same", use_bias=False)(x)
    x = layers.ReLU(max_value=6)(layers.BatchNormalization()(x))
    x = layers.DepthwiseConv2D(3, padding="same")(x)
    x = layers.Activation("elu")(layers.BatchNormalization()(x))
    x = layers.Dropout(0.5)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(image, layers.Dense(4, "softmax", bias_initializer="ones", name="scores")(x))


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_file_becomes_a_small_graph(suffix: str, tmp_path: Path) -> None:
    model = network()
    model.save(tmp_path / f"m{suffix}")
    source = readers.read(tmp_path / f"m{suffix}")
    assert source.runtime == f"keras {keras.__version__}"
    graph = optimise(source.graph)
    assert graph.inputs == (Tensor("image", (1, 6, 6, 2), "float32"),)
    assert [output.tensor for output in graph.outputs] == [Tensor("scores", (1, 4), "float32")]
    assert [node.op for node in graph.nodes] == [
        "_FusedConv2D",
        "FusedDepthwiseConv2dNative",
        "Mean",
        "_FusedMatMul",
        "Softmax",
    ]
    image = np.random.default_rng(0).random((1, 6, 6, 2), np.float32)
    np.testing.assert_allclose(source.run([image])[0], model.predict(image, verbose=0), atol=1e-6)


def test_what_keras_computes_on_the_way_is_shown() -> None:
    source = from_model(network())
    graph = optimise(source.graph)
    case = [np.random.default_rng(0).random((1, 6, 6, 2), np.float32)]
    known = diverge.source(source, case)
    assert {node.name for node in graph.nodes} <= set(known)
    shown = diverge.network(Form(graph, bundle.network(graph, "m", "none")), "wasm", case)
    assert diverge.first(graph.nodes, known, shown, 1e-4) is None


def test_several_inputs_and_outputs_keep_their_names_and_order() -> None:
    b, a = keras.Input((2,), name="b"), keras.Input((2,), name="a", dtype="int32")
    total = layers.Add(name="total")([b, layers.Rescaling(1.0)(a)])
    doubled = layers.Rescaling(2.0, name="doubled")(b)
    source = from_model(keras.Model([b, a], {"second": doubled, "first": total}))
    assert source.graph.inputs == (Tensor("b", (1, 2), "float32"), Tensor("a", (1, 2), "int32"))
    given: list[NDArray[Any]] = [np.ones((1, 2), np.float32), np.full((1, 2), 3, np.int32)]
    made = dict(zip((o.tensor.name for o in source.graph.outputs), source.run(given), strict=True))
    assert {name: array.tolist() for name, array in made.items()} == {
        "total": [[4, 4]],
        "doubled": [[2, 2]],
    }


def test_a_sequential_model_has_names_too() -> None:
    source = from_model(keras.Sequential([keras.Input((2,), name="x"), layers.ReLU(name="y")]))
    assert [each.name for each in source.graph.inputs] == ["x"]
    assert [each.tensor.name for each in source.graph.outputs] == ["y"]


def test_attributes_are_translated() -> None:
    graph = from_model(network()).graph
    conv = next(node for node in graph.nodes if node.op == "Conv2D")
    assert conv.attributes["strides"] == (1, 2, 2, 1)
    assert conv.attributes["padding"] == "SAME"
    assert not [name for node in graph.nodes for name in node.attributes if name[0] == "_"]


def test_open_sides_are_refused() -> None:
    image = keras.Input((None, None, 1), name="image")
    model = keras.Model(image, layers.ReLU()(image))
    with pytest.raises(SourceError, match=r"image: shape \['\?', '\?', '\?', 1\] has open sides"):
        from_model(model)


def test_a_model_that_was_never_called_is_refused() -> None:
    with pytest.raises(SourceError, match="seq: has no fixed inputs; call the model once"):
        from_model(keras.Sequential([layers.ReLU()], name="seq"))


@pytest.mark.parametrize("name", ["bad.keras", "bad.h5"])
def test_other_content_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"no model at all")
    with pytest.raises(SourceError, match=f"{name}: Keras cannot read it: "):
        readers.read(tmp_path / name)
