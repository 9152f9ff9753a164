"""PReLU: Keras's five operations become one of TF.js's."""

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from converter import bundle, tfjs
from converter.passes import optimise
from converter.readers.keras import from_model


def network() -> Any:
    keras.utils.set_random_seed(0)
    image = x = keras.Input((6, 6, 2), name="image")
    x = layers.Conv2D(4, 3, name="conv")(x)
    x = layers.PReLU("uniform", shared_axes=[1, 2], name="a")(x)
    x = layers.DepthwiseConv2D(3, padding="same")(x)
    x = layers.PReLU("uniform", shared_axes=[1, 2])(x)
    x = layers.Dense(5)(layers.Flatten()(x))
    return keras.Model(image, layers.PReLU("uniform", name="y")(x))


@pytest.mark.parametrize("backend", tfjs.BACKENDS)
def test_slopes_are_fused_into_products(backend: str) -> None:
    source = from_model(network())
    graph = optimise(source.graph)
    assert [node.op for node in graph.nodes] == [
        "_FusedConv2D",
        "FusedDepthwiseConv2dNative",
        "Reshape",
        "_FusedMatMul",
    ]
    image = np.random.default_rng(0).normal(size=(1, 6, 6, 2)).astype(np.float32)
    tensors = graph.inputs, [each.tensor for each in graph.outputs]
    files = bundle.network(graph, "net", "none")
    got = tfjs.run(files, backend, tensors, [[image]]).outputs[0][0]
    np.testing.assert_allclose(got, source.run([image])[0], atol=1e-5)
